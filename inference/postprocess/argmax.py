"""From probabilities to a decision: the most probable has it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.package.steps import Argmax
from inference.postprocess.most_probable import most_probable


def argmax(maps: npt.NDArray[Any], step: Argmax, channels: Sequence[int]) -> npt.NDArray[np.uint8]:
    """(..., segments) of 0 and 1: 1 where the segment's channel is the most probable of all."""
    labels = argmax_to_map(maps, step, channels)
    return np.asarray(labels[..., np.newaxis] == np.arange(1, len(channels) + 1), np.uint8)


def argmax_to_map(maps: npt.NDArray[Any], _: Argmax, channels: Sequence[int]) -> npt.NDArray[np.uint8]:
    """(...) label map: k where the k-th segment's channel is the most probable of all, else 0.

    ``maps`` is (..., channels), the background's among them. Of equal channels the first wins. Where all are 0
    (the network did not look there) is background.
    """
    segments = {channel: k for k, channel in enumerate(channels, start=1)}
    everyone = {channel: segments.get(channel, 0) for channel in range(maps.shape[-1])}
    return most_probable(maps, everyone, 0.0)
