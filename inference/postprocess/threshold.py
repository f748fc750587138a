"""From probabilities to a decision."""

from typing import Any

import numpy as np
import numpy.typing as npt

from inference.package.steps import Threshold


def threshold(maps: npt.NDArray[Any], step: Threshold) -> npt.NDArray[np.uint8]:
    """1 where the probability reaches ``step.at_least``, else 0."""
    return (maps >= step.at_least).astype(np.uint8)
