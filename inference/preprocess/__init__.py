"""From stored pixels to what the network was trained on: one step a file, the manifest names the order."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.preprocess.min_max import min_max
from inference.preprocess.pad import pad
from inference.preprocess.resize import resize
from inference.preprocess.step import Prepared, Undo

STEPS: dict[str, Callable[..., Prepared]] = {"min_max": min_max, "pad": pad, "resize": resize}


def preprocess(
    pixels: npt.NDArray[np.float32], steps: Sequence[Any]
) -> tuple[npt.NDArray[np.float32], tuple[Undo, ...]]:
    """Carry out the manifest's steps in order.

    ``pixels`` is (rows, columns) float32, bright where much radiation was absorbed (MONOCHROME2 sense).
    Returns the network's image and, in the order of the steps, what takes a map back to the grid before each.
    """
    undos: list[Undo] = []
    for step in steps:
        prepared = STEPS[step.step](pixels, step)
        pixels = prepared.pixels
        undos.append(prepared.undo)
    return pixels, tuple(undos)
