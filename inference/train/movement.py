"""Movements that image and mask share: turn, scale, shift, mirror, and a mild elastic warp."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Plane = npt.NDArray[np.float32]

LARGEST_TURN_DEGREES = 15.0
LARGEST_SCALE = 1.25
LARGEST_SHIFT = 0.10
"""Share of the side."""
LARGEST_STRETCH = 1.10
LARGEST_WARP = 0.02
"""Standard deviation of the warp's control points, as share of the side."""


def move(image: Plane, mask: Plane, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """The same random movement of both; what comes in from outside is a constant grey, and no lung."""
    if rng.random() < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    where = _affine(image.shape, rng)
    if rng.random() < 0.5:
        where = where + _warp(image.shape, rng)
    outside = float(rng.choice([0.0, 0.0, 0.0, 1.0, float(np.median(image))]))
    moved = ndimage.map_coordinates(image, where, order=1, mode="constant", cval=outside)
    covered = ndimage.map_coordinates(mask, where, order=1, mode="constant", cval=0.0)
    return moved.astype(np.float32), (covered >= 0.5).astype(np.float32)


def _affine(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """For each target pixel the source's (row, column), as (2, rows, columns)."""
    turn = np.deg2rad(rng.uniform(-LARGEST_TURN_DEGREES, LARGEST_TURN_DEGREES))
    scale = _factor(LARGEST_SCALE, rng)
    stretch = np.sqrt(_factor(LARGEST_STRETCH, rng))
    turning = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = turning @ np.diag([stretch, 1 / stretch]) / scale
    centre = (np.array(shape) - 1) / 2
    shift = rng.uniform(-LARGEST_SHIFT, LARGEST_SHIFT, 2) * np.array(shape)
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij")) - centre[:, None, None]
    return np.asarray(np.tensordot(matrix, grid, 1) + (centre + shift)[:, None, None])


def _warp(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A smooth displacement in pixels, (2, rows, columns), from a coarse grid of control points."""
    spread = rng.uniform(0.0, LARGEST_WARP) * max(shape)
    control = rng.normal(0.0, spread, (2, 6, 6))
    zoom = (1, shape[0] / 6, shape[1] / 6)
    return np.asarray(ndimage.zoom(control, zoom, order=2, mode="nearest", grid_mode=True))


def _factor(largest: float, rng: np.random.Generator) -> float:
    return float(largest ** rng.uniform(-1.0, 1.0))
