"""What every preprocessing step returns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Undo = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""Takes a (rows, columns, channels) float32 map on the step's grid to the grid before the step."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The pixels after a step, and the way back for maps made from them."""

    pixels: npt.NDArray[np.float32]
    undo: Undo


def unchanged(maps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The way back of a step that touches intensities only."""
    return maps
