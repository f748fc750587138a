"""How the training went, as a picture: loss and score of every epoch."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from inference.train.learn.checkpoint import Epoch

WIDTH, HEIGHT = 640, 220
"""Of each of the two panels, in pixels."""
LEFT, RIGHT, TOP, BOTTOM = 70, 15, 30, 30
"""Around the drawing of a panel, in pixels."""

_INK, _GRID, _LINE = (40, 40, 40), (215, 215, 215), (21, 101, 192)


def draw_curves(path: Path, curve: Sequence[Epoch]) -> None:
    """Write a PNG with two panels, loss above score, each against the epoch from 1; the best score is marked."""
    picture = Image.new("RGB", (WIDTH, 2 * HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    scores = [epoch.score for epoch in curve]
    _panel(draw, 0, f"loss {curve[-1].loss:.4f}", [epoch.loss for epoch in curve])
    best = scores.index(max(scores))
    _panel(draw, HEIGHT, f"score, best {scores[best]:.4f} in epoch {best + 1}", scores, marked=best)
    picture.save(path)


def place_in_panel(values: Sequence[float]) -> list[tuple[float, float]]:
    """Where each value lies in a panel, (across, down) in pixels: the least at the bottom, the greatest at the top."""
    least, spread = min(values), (max(values) - min(values)) or 1.0
    across = (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
    high = HEIGHT - TOP - BOTTOM
    return [
        (LEFT + number * across, TOP + high * (1 - (value - least) / spread))
        for number, value in enumerate(values)
    ]


def _panel(
    draw: ImageDraw.ImageDraw, top: int, title: str, values: Sequence[float], marked: int | None = None
) -> None:
    points = [(across, top + down) for across, down in place_in_panel(values)]
    floor, right = top + HEIGHT - BOTTOM, WIDTH - RIGHT
    draw.text((LEFT, top + 8), title, fill=_INK)
    for height, value in ((top + TOP, max(values)), (floor, min(values))):
        draw.line([(LEFT, height), (right, height)], fill=_GRID)
        draw.text((8, height - 6), f"{value:.4g}", fill=_INK)
    draw.text((LEFT, floor + 8), "epoch 1", fill=_INK)
    draw.text((right - 45, floor + 8), f"{len(values)}", fill=_INK)
    draw.line(points, fill=_LINE, width=2)
    if marked is not None:
        x, y = points[marked]
        draw.ellipse([x - 4, y - 4, x + 4, y + 4], outline=_INK, width=2)
