"""Where each voxel of the new image lies in the anatomy: a window, turned, stretched and bent."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.train.synthesis.along import Volume
from inference.train.synthesis.anatomy import Anatomy
from inference.train.synthesis.draw import between, happens
from inference.train.synthesis.smooth_field import field_of, random_points
from inference.train.synthesis.tables import Deformation, Window

Matrix = npt.NDArray[np.float64]
Point = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The image to be drawn: ``shape`` (slices, rows, columns) and the distance of its voxels in mm."""

    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Place:
    """``coordinates[axis]``: (slices, rows, columns) float32 of indices into the anatomy's codes, for the middle of
    each voxel; ``matrix`` takes a step of one voxel on the new grid to one in the anatomy."""

    coordinates: tuple[Volume, Volume, Volume]
    matrix: Matrix


def draw_place(
    anatomy: Anatomy, grid: Grid, deformation: Deformation, centre: Point, rng: np.random.Generator
) -> Place:
    """A place around ``centre``, an index into the anatomy's codes; voxels may also lie outside of the anatomy."""
    turn = _random_turn(deformation, rng)
    matrix = turn * np.array(grid.spacing_mm) / anatomy.spacing_mm[:, None]
    bend = _bend(anatomy, grid, deformation, rng)
    return Place(coordinates=_coordinates(matrix, centre, bend, grid.shape), matrix=matrix)


def window_centre(anatomy: Anatomy, window: Window, rng: np.random.Generator) -> Point:
    """Where the middle of the network's window lies, drawn from the table."""
    if happens(window.anywhere, rng):
        return np.asarray(rng.uniform(0, 1, 3) * (np.array(anatomy.codes.shape) - 1))
    return np.asarray(anatomy.centre + rng.uniform(-1, 1, 3) * window.shift_mm / anatomy.spacing_mm)


def _random_turn(deformation: Deformation, rng: np.random.Generator) -> Matrix:
    """(3, 3): rotation about each axis, then shear, then scale, then perhaps left for right."""
    turn = np.eye(3)
    for axis, angle in enumerate(np.radians(rng.uniform(-1, 1, 3) * deformation.rotation_degrees)):
        turn = turn @ _rotation(axis, angle)
    shear = np.eye(3) + deformation.shear * rng.uniform(-1, 1, (3, 3)) * (1 - np.eye(3))
    scale = 1 + deformation.scale * rng.uniform(-1, 1, 3)
    scale[2] *= -1 if happens(deformation.mirror, rng) else 1
    return np.asarray(turn @ shear * scale)


def _rotation(axis: int, angle: float) -> Matrix:
    rotation = np.eye(3)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    rotation[[a, b], [a, b]] = np.cos(angle)
    rotation[a, b], rotation[b, a] = -np.sin(angle), np.sin(angle)
    return rotation


def _bend(anatomy: Anatomy, grid: Grid, deformation: Deformation, rng: np.random.Generator) -> list[Volume]:
    """How far each voxel is displaced along each axis of the anatomy, in its voxels."""
    spacing = np.array(grid.spacing_mm)
    apart = between(deformation.elastic_between_mm, rng)
    deviation = between(deformation.elastic_mm, rng)
    points = [deviation * random_points(grid.shape, spacing, apart, rng) for _ in range(3)]
    return [
        field_of((points[axis] / anatomy.spacing_mm[axis]).astype(np.float32), grid.shape)
        for axis in range(3)
    ]


def _coordinates(
    matrix: Matrix, centre: npt.NDArray[np.float64], bend: list[Volume], shape: tuple[int, int, int]
) -> tuple[Volume, Volume, Volume]:
    steps = [np.arange(n, dtype=np.float32) - (n - 1) / 2 for n in shape]
    found = []
    for axis in range(3):
        # Three outer sums: cheaper than a matrix product for each voxel.
        straight = [np.float32(matrix[axis, k]) * steps[k] for k in range(3)]
        slab = straight[0][:, None] + straight[1] + np.float32(centre[axis])
        found.append(slab[:, :, None] + straight[2] + bend[axis])
    return found[0], found[1], found[2]
