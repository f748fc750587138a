"""How decided the network was about what it marked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.confidence.blocks import blocks

Labels = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.float64]


def soft_dice(probabilities: npt.NDArray[np.float32], mask: Labels) -> float:
    """Overlap 2 * sum(p * m) / (sum(p) + sum(m)) of a probability map with the mask made from it.

    Both (rows, columns). 1 where every probability is 0 or 1 as the mask says; lower with every doubtful
    pixel. 0 where nothing was marked: there is nothing to be sure of.
    """
    if not mask.any():
        return 0.0
    overlap = float(probabilities[mask > 0].sum(dtype=np.float64))
    return 2 * overlap / (float(probabilities.sum(dtype=np.float64)) + float(np.count_nonzero(mask)))


class SoftDice:
    """The same by segment, for maps that come a slab at a time: the sums are kept, the maps are not."""

    def __init__(self, channels: Sequence[int]) -> None:
        """``channels``: for each segment, in the order of their labels 1, 2, …, its channel in the maps."""
        self._channels = np.array(channels, np.intp)
        self._overlap: Sums = np.zeros(len(channels))
        self._marked: Sums = np.zeros(len(channels))
        self._probable: Sums = np.zeros(len(channels))

    def add(self, probabilities: npt.NDArray[np.float32], labels: Labels) -> None:
        """Maps (..., channels) with the label map (...) made from them: 0 background, k the k-th segment."""
        for maps, marked in blocks(probabilities, labels):
            self._add(maps, marked)

    def values(self) -> tuple[float, ...]:
        """For each segment ``soft_dice`` of all that was added; 0 where it was nowhere marked."""
        everything = self._probable + self._marked
        found = np.divide(
            2 * self._overlap, everything, out=np.zeros_like(everything), where=self._marked > 0
        )
        return tuple(float(value) for value in found)

    def _add(self, maps: npt.NDArray[Any], labels: Labels) -> None:
        where = np.flatnonzero(labels)
        segments = labels[where].astype(np.intp) - 1
        own, count = maps[where, self._channels[segments]], len(self._channels)
        self._overlap += np.bincount(segments, weights=own, minlength=count)
        self._marked += np.bincount(segments, minlength=count)
        # A product, since numpy adds up the rows of a narrow array ten times as slowly.
        self._probable += (np.ones(len(maps)) @ maps.astype(np.float64))[self._channels]
