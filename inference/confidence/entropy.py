"""How much is left open inside what was marked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.confidence.blocks import blocks

Labels = npt.NDArray[np.uint8]


class MeanEntropy:
    """The mean entropy of "this segment or not" over the voxels of each segment, in bits: 0 sure, 1 a coin.

    With p the mean probability of the members it is the predictive entropy of an ensemble (Lakshminarayanan et al.,
    NeurIPS 2017), summarised where a reader will look.
    """

    def __init__(self, channels: Sequence[int]) -> None:
        """``channels``: for each segment, in the order of their labels 1, 2, …, its channel in the maps."""
        self._channels = np.array(channels, np.intp)
        self._entropy = np.zeros(len(channels))
        self._marked = np.zeros(len(channels))

    def add(self, probabilities: npt.NDArray[np.float32], labels: Labels) -> None:
        """Maps (..., channels) with the label map (...) made from them: 0 background, k the k-th segment."""
        for maps, marked in blocks(probabilities, labels):
            self._add(maps, marked)

    def values(self) -> tuple[float | None, ...]:
        """For each segment 0..1; None where it was nowhere marked."""
        return tuple(
            float(total / count) if count else None
            for total, count in zip(self._entropy, self._marked, strict=True)
        )

    def _add(self, maps: npt.NDArray[Any], labels: Labels) -> None:
        where = np.flatnonzero(labels)
        segments = labels[where].astype(np.intp) - 1
        own = maps[where, self._channels[segments]].astype(np.float64)
        count = len(self._channels)
        self._entropy += np.bincount(segments, weights=binary_entropy(own), minlength=count)
        self._marked += np.bincount(segments, minlength=count)


def binary_entropy(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """-p log2 p - (1 - p) log2 (1 - p), 0 at both ends."""
    p = np.clip(p, 0, 1)
    return _part(p) + _part(1 - p)


def _part(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return -p * np.log2(p, out=np.zeros_like(p), where=p > 0)
