"""Smooth random fields: uniform cubic B-splines over a few control points (de Boor, A Practical Guide to Splines)."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt


def draw_smooth(
    shape: tuple[int, ...], knots: int, spread: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """A field of ``shape`` over ``knots`` control points along each axis, drawn with standard deviation ``spread``."""
    field = rng.normal(0.0, spread, (knots,) * len(shape)).astype(np.float32)
    for size in shape:
        # The first axis goes out as the last, so that after all of them the order is the first again.
        field = np.tensordot(field, _basis(size, knots), (0, 1))
    return field


@lru_cache(maxsize=32)
def _basis(size: int, knots: int) -> npt.NDArray[np.float32]:
    """(size, knots): how much each control point counts at each voxel; the rows add up to 1."""
    along = (np.arange(size) + 0.5) / size * (knots - 3)
    piece = np.minimum(along.astype(int), knots - 4)
    t = along - piece
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    basis = np.zeros((size, knots), np.float32)
    for number, weight in enumerate(weights):
        basis[np.arange(size), piece + number] = weight / 6
    return basis
