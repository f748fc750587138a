"""From probabilities to labels: one step a file, the manifest names the order."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.postprocess.components import components
from inference.postprocess.threshold import threshold

Maps = npt.NDArray[Any]

STEPS: dict[str, Callable[[Maps, Any], Maps]] = {"threshold": threshold, "components": components}


def postprocess(maps: npt.NDArray[np.float32], steps: Sequence[Any]) -> npt.NDArray[np.uint8]:
    """Carry out the manifest's steps in order.

    ``maps`` is (rows, columns, classes) float32 of probabilities on the source's grid; returned are labels
    of the same shape, 0 or 1, each class for itself: classes may overlap.
    """
    labels: Maps = maps
    for step in steps:
        labels = STEPS[step.step](labels, step)
    return labels.astype(np.uint8)
