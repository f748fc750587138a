"""Where the windows of a sliding window lie, and how much each voxel of one counts. Pure arithmetic.

All windows of a volume are every combination of starts along its three axes, and the weight of a voxel is the
product of its weights along them. So the total weight at a voxel, too, is a product of three sums along an
axis, and no map of weights is ever summed up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np
import numpy.typing as npt

Position = tuple[int, int, int]
Blend = Literal["gaussian", "constant"]

# nnU-Net's choice (Isensee et al., Nature Methods 2021): a standard deviation of 1/8 of the window.
SIGMA_OF_WINDOW = 1 / 8
# Weights are whole numbers from 1 to this. A product of three of them, summed over all windows on a voxel, stays
# below 2**24, where float32 still counts exactly: where the network says 1 everywhere, the blend says exactly 1.
HEAVIEST = 63


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """Windows of ``patch`` voxels over ``shape`` voxels, both (slices, rows, columns).

    ``starts``: along each axis where windows begin, ascending; negative where the volume is smaller than the
    window, which then reaches beyond it on both sides. ``weights``: along each axis one for each voxel of a window.
    """

    shape: Position
    patch: Position
    starts: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    weights: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]

    def positions(self) -> Iterator[Position]:
        """Where each window begins, in slice order."""
        return product(*self.starts)

    def totals(self, axis: int) -> npt.NDArray[np.float32]:
        """The sum of weights along ``axis`` at each voxel of the volume, (shape[axis],) float32."""
        sums = np.zeros(self.shape[axis], np.float32)
        for start in self.starts[axis]:
            inside, within = overlap_along(start, self.patch[axis], self.shape[axis])
            sums[inside] += self.weights[axis][within]
        return sums


def tile(shape: Position, patch: Position, *, overlap: float, blend: Blend) -> Tiling:
    """Cover ``shape`` with windows of ``patch`` that overlap by at least ``overlap`` (0..0.75) of their length."""
    z, y, x = (starts_along(n, p, overlap) for n, p in zip(shape, patch, strict=True))
    return Tiling(
        shape=shape,
        patch=patch,
        starts=(z, y, x),
        weights=(_weights(z, patch[0], blend), _weights(y, patch[1], blend), _weights(x, patch[2], blend)),
    )


def starts_along(length: int, window: int, overlap: float) -> tuple[int, ...]:
    """As few starts as cover ``length``, evenly spread, so that no two windows are nearly the same."""
    if length <= window:
        return (-((window - length) // 2),)
    step = max(1, int(window * (1 - overlap)))
    intervals = -(-(length - window) // step)
    return tuple(round(index * (length - window) / intervals) for index in range(intervals + 1))


def _weights(starts: Sequence[int], window: int, blend: Blend) -> npt.NDArray[np.float32]:
    """Where windows do not meet there is nothing to weigh, and their values stay as they are, bit for bit."""
    meets = any(after - before < window for before, after in pairwise(starts))
    return gaussian(window) if meets and blend == "gaussian" else constant(window)


def gaussian(window: int) -> npt.NDArray[np.float32]:
    """Whole weights 1..63 that fall off from the middle, where a network sees the most around it."""
    distance = (np.arange(window) - (window - 1) / 2) / (window * SIGMA_OF_WINDOW)
    heights: npt.NDArray[np.float64] = np.rint(HEAVIEST * np.exp(-(distance**2) / 2))
    return np.maximum(heights, 1).astype(np.float32)


def constant(window: int) -> npt.NDArray[np.float32]:
    """The same weight everywhere."""
    return np.ones(window, np.float32)


def overlap_along(start: int, window: int, length: int) -> tuple[slice, slice]:
    """Which part of 0..length a window at ``start`` covers, and which part of the window that is."""
    first, end = max(start, 0), min(start + window, length)
    return slice(first, end), slice(first - start, end - start)
