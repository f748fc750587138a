"""Words below a picture: what was found, each with its colour, and what a reader must know.

In white on black, in a font that comes with Pillow, whatever is installed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference.encode.picture import Colour, Picture

SIZE = 18
_LINE = 24
_MARGIN = 10
_MOST_LINES = 40


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One sentence, after a square in its colour where it has one."""

    text: str
    colour: Colour | None = None


def with_legend(picture: Picture, entries: Sequence[Entry]) -> Picture:
    """``picture`` (height, width, 3) with the entries below it; lines too long are broken, too many are counted.

    A picture narrower than 640 pixels is widened with black, so that words have room.
    """
    width = max(picture.shape[1], 640)
    lines = _at_most(list(_lines(entries, width - 2 * _MARGIN)))
    below = Image.new("RGB", (width, _LINE * len(lines) + 2 * _MARGIN))
    draw = ImageDraw.Draw(below)
    for number, line in enumerate(lines):
        top = _MARGIN + number * _LINE
        if line.colour is not None:
            draw.rectangle((_MARGIN, top + 3, _MARGIN + SIZE - 4, top + SIZE - 1), fill=line.colour)
        draw.text((_MARGIN + _LINE, top), line.text, fill=(255, 255, 255), font=_font())
    widened = np.zeros((picture.shape[0], width, 3), np.uint8)
    widened[:, : picture.shape[1]] = picture
    return np.vstack([widened, np.asarray(below)])


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(SIZE)


def _lines(entries: Sequence[Entry], width: int) -> Iterator[Entry]:
    for entry in entries:
        first, *others = _broken(entry.text, width - _LINE)
        yield Entry(text=first, colour=entry.colour)
        yield from (Entry(text=f"    {each}") for each in others)


def _broken(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font().getlength(f"    {longer}") <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _at_most(lines: Sequence[Entry]) -> Sequence[Entry]:
    if len(lines) <= _MOST_LINES:
        return lines
    left_out = len(lines) - _MOST_LINES + 1
    return [*lines[: _MOST_LINES - 1], Entry(text=f"... and {left_out} lines more; see the report.")]
