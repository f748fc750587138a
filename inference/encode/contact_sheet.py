"""Pictures of a volume: a sheet of slices from end to end of what was found, and each segment's largest slice.

Slices are shown as the source stores them, in their true proportions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.encode.analysed import Analysed, Segmentation
from inference.encode.key_image import key_images
from inference.encode.picture import Picture, Window, draw_outlines, grey, png, window_of
from inference.volume.volume import Volume

ACROSS, DOWN = 4, 3
TILE = 256
LARGE = 512
_THINNED = 8


@dataclass(frozen=True, kw_only=True)
class KeyPicture:
    """``index``: of the slice, from 0. ``png``: the whole file."""

    index: int
    png: bytes


def draw_contact_sheet(analysed: Analysed) -> Picture:
    """(768, 1024, 3): twelve slices, evenly spaced over what was found; over the whole volume where nothing was.

    Fewer slices leave black tiles.
    """
    volume = _volume(analysed)
    chosen = _spread(_marked(analysed), ACROSS * DOWN)
    window = _window(volume)
    sheet = np.zeros((DOWN * TILE, ACROSS * TILE, 3), np.uint8)
    for place, index in enumerate(chosen):
        tile = _slice(analysed, volume, index, TILE, window)
        top, left = place // ACROSS * TILE, place % ACROSS * TILE
        above, beside = (TILE - tile.shape[0]) // 2, (TILE - tile.shape[1]) // 2
        sheet[top + above :, left + beside :][: tile.shape[0], : tile.shape[1]] = tile
    return sheet


def draw_key_pictures(analysed: Analysed) -> tuple[KeyPicture, ...]:
    """The slices on which the segments are largest, each slice once, from the first to the last."""
    volume = _volume(analysed)
    if not isinstance(analysed.found, Segmentation):
        return ()
    keys = key_images(analysed.found.labels, len(analysed.manifest.output.segment))
    window = _window(volume)
    return tuple(
        KeyPicture(index=index, png=png(_slice(analysed, volume, index, LARGE, window)))
        for index in sorted({key.index for key in keys if key is not None})
    )


def _volume(analysed: Analysed) -> Volume:
    if not isinstance(analysed.source, Volume):
        raise ValueError("a sheet of slices is drawn of a volume")
    return analysed.source


def _marked(analysed: Analysed) -> Sequence[int]:
    """The slices on which something was found; all of them where nothing was."""
    everything = range(len(_volume(analysed).voxels))
    if not isinstance(analysed.found, Segmentation):
        return everything
    return [index for index in everything if analysed.found.labels[index].any()] or everything


def _spread(indices: Sequence[int], most: int) -> list[int]:
    if len(indices) <= most:
        return list(indices)
    return [indices[round(place)] for place in np.linspace(0, len(indices) - 1, most)]


def _window(volume: Volume) -> Window:
    return window_of(volume.voxels[::_THINNED, ::_THINNED, ::_THINNED])


def _slice(analysed: Analysed, volume: Volume, index: int, side: int, window: Window) -> Picture:
    picture = grey(volume.voxels[index], _size(volume, side), window)
    if isinstance(analysed.found, Segmentation):
        segments, labels = analysed.manifest.output.segment, analysed.found.labels[index]
        numbers = [k for k in np.unique(labels).tolist() if k]
        masks = [(labels == k).view(np.uint8) for k in numbers]
        draw_outlines(picture, masks, [segments[k - 1].colour_rgb for k in numbers])
    return picture


def _size(volume: Volume, side: int) -> tuple[int, int]:
    """(width, height) in true proportions, the longer of them ``side``."""
    _, rows, columns = volume.voxels.shape
    _, between_rows, between_columns = volume.spacing_mm
    width, height = columns * between_columns, rows * between_rows
    scale = side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
