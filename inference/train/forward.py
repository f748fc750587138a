"""A step's geometry carried out on what is true of the image: the way there, beside the way back that serving needs."""

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.preprocess.box import Cutting, Frame, put_in
from inference.preprocess.field import Unchanged, Undo
from inference.preprocess.interpolation import Spread, spread
from inference.preprocess.orient import Turn

Values = npt.NDArray[np.float32]
Shape = tuple[int, ...]


def cover_after(cover: Values, undo: Undo, after: Shape) -> Values:
    """How much of each voxel a segment covers, 0..1, on the grid of shape ``after`` that the step led to.

    ``cover`` lies on the grid before it. Nothing is covered where the step added to the grid.
    """
    if isinstance(undo, Unchanged):
        return cover
    if isinstance(undo, Spread):
        return spread(cover, undo)
    if isinstance(undo, Turn):
        return undo.there(cover)
    if isinstance(undo, Frame):
        return put_in(np.zeros(after, np.float32), cover, undo.corner)
    if isinstance(undo, Cutting):
        return cover[
            tuple(slice(first, first + size) for first, size in zip(undo.corner, after, strict=True))
        ]
    raise _unknown(undo)


def boxes_after(boxes: Values, undo: Undo) -> Values:
    """Boxes (n, 4) on the grid the step led to; they may leave it where the step cut. Raises TrainingRefused."""
    if isinstance(undo, Unchanged):
        return boxes
    if isinstance(undo, Spread):
        zero, one = undo.boxes(np.array([[0, 0, 0, 0], [1, 1, 1, 1]], np.float32)).astype(np.float64)
        return np.asarray((boxes - zero) / (one - zero), np.float32)
    if isinstance(undo, Frame):
        return np.asarray(boxes + np.tile(undo.corner[-2:], 2), np.float32)
    if isinstance(undo, Cutting):
        return np.asarray(boxes - np.tile(undo.corner[-2:], 2), np.float32)
    if isinstance(undo, Turn):
        raise TrainingRefused(
            "boxes lie on an image, and the step 'orient' is for volumes; leave it out of model.toml"
        )
    raise _unknown(undo)


def _unknown(undo: Undo) -> TypeError:
    return TypeError(f"training does not know the way there of {type(undo).__name__}; add it here")
