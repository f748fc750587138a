"""Bring what was found from the network's grid back to the source's, by undoing what preprocessing did."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Maps = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


class Undo(Protocol):
    """The way back of one step, as ``inference.preprocess`` gives it."""

    def maps(self, maps: Maps) -> Maps:
        """Probabilities (..., channels) float32."""
        ...

    def labels(self, labels: Labels) -> Labels:
        """A label map (...) uint8."""
        ...

    def boxes(self, boxes: Maps) -> Maps:
        """(n, 4) float32: row_min, column_min, row_max, column_max."""
        ...


def restore_maps(maps: Maps, undos: Sequence[Undo]) -> Maps:
    """Undo the steps of preprocessing, the last one first. ``maps`` is (..., channels) float32."""
    for undo in reversed(undos):
        maps = undo.maps(maps)
    return maps


def restore_labels(labels: Labels, undos: Sequence[Undo]) -> Labels:
    """The same for a label map (slices, rows, columns) uint8; it has exactly the source's shape after it."""
    for undo in reversed(undos):
        labels = undo.labels(labels)
    return labels


def restore_boxes(boxes: Maps, undos: Sequence[Undo]) -> Maps:
    """The same for boxes (n, 4) float32: row_min, column_min, row_max, column_max."""
    for undo in reversed(undos):
        boxes = undo.boxes(boxes)
    return boxes
