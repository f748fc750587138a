"""From probabilities to a decision: what reaches a value belongs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.package.steps import Threshold
from inference.postprocess.most_probable import most_probable


def threshold(maps: npt.NDArray[Any], step: Threshold, channels: Sequence[int]) -> npt.NDArray[np.uint8]:
    """(..., segments) of 0 and 1: 1 where the probability of the segment's channel reaches ``step.at_least``.

    ``maps`` is (..., channels). Segments may overlap.
    """
    return (maps[..., list(channels)] >= step.at_least).astype(np.uint8)


def threshold_to_map(
    maps: npt.NDArray[Any], step: Threshold, channels: Sequence[int]
) -> npt.NDArray[np.uint8]:
    """(...) label map: 0 is background, k the k-th segment.

    Where several reach the value the most probable has the voxel; of equals the first.
    """
    just_below = float(np.nextafter(np.float32(step.at_least), np.float32(0)))
    return most_probable(maps, {channel: k for k, channel in enumerate(channels, start=1)}, just_below)
