"""Bring probabilities from the network's grid back to the source's, by undoing what preprocessing did."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Maps = npt.NDArray[np.float32]


def restore_geometry(maps: Maps, undos: Sequence[Callable[[Maps], Maps]]) -> Maps:
    """Undo the steps of preprocessing, the last one first. ``maps`` is (rows, columns, channels) float32."""
    for undo in reversed(undos):
        maps = undo(maps)
    return maps
