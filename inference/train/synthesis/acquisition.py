"""The scanner's voxels: the image as a coarser grid sees it, with the noise of that grid, brought back.

Blurred, sampled and interpolated along each axis by itself (Billot et al., MIDL 2020, arXiv:2004.10221).
"""

import numpy as np

from inference.train.synthesis.along import Matrix, Volume, along
from inference.train.synthesis.draw import between, happens
from inference.train.synthesis.place import Grid
from inference.train.synthesis.tables import Acquisition

DEVIATION = 0.73
"""Of the blur, in voxels of the coarse grid: a tenth of the power is left at its highest frequency."""


def acquire(image: Volume, grid: Grid, table: Acquisition, rng: np.random.Generator) -> Volume:
    """``image`` as measured at a spacing drawn from ``table``; what is finer than ``grid`` is taken for it."""
    factors = [max(1.0, mm / on) for mm, on in zip(_spacing(table, rng), grid.spacing_mm, strict=True)]
    sizes = [max(2, round(n / factor)) for n, factor in zip(image.shape, factors, strict=True)]
    coarse = image
    for axis, size in enumerate(sizes):
        coarse = (
            along(_measured(image.shape[axis], size), coarse, axis) if size < image.shape[axis] else coarse
        )
    noise = np.float32(between(table.noise, rng)) * rng.standard_normal(coarse.shape, np.float32)
    fine = coarse + noise
    for axis, size in enumerate(sizes):
        fine = along(_interpolated(size, image.shape[axis]), fine, axis) if size < image.shape[axis] else fine
    return np.asarray(fine)


def _spacing(table: Acquisition, rng: np.random.Generator) -> list[float]:
    spacing = [between(table.spacing_mm, rng)] * 3
    if happens(table.thick, rng):
        spacing[int(rng.integers(3))] = between(table.thick_mm, rng)
    return spacing


def _measured(fine: int, coarse: int) -> Matrix:
    """(coarse, fine): each coarse voxel is the mean of the fine ones around it, with the weights of a Gauss curve."""
    ratio = fine / coarse
    middles = (np.arange(coarse) + 0.5) * ratio - 0.5
    deviation = DEVIATION * np.sqrt(ratio**2 - 1)  # the fine grid has blurred already
    weights = np.exp(-0.5 * ((np.arange(fine) - middles[:, None]) / max(deviation, 0.3)) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _interpolated(coarse: int, fine: int) -> Matrix:
    """(fine, coarse): linear between the two nearest coarse voxels; beyond the last, that one."""
    place = np.clip((np.arange(fine) + 0.5) * coarse / fine - 0.5, 0, coarse - 1)
    distance = np.abs(np.arange(coarse) - place[:, None])
    return np.asarray(np.maximum(0, 1 - distance), np.float32)
