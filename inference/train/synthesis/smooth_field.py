"""A smooth random field: few random points, between them a cubic B-spline (Rueckert et al., IEEE TMI 1999)."""

import numpy as np
import numpy.typing as npt

from inference.train.synthesis.along import Matrix, Volume, along

Points = npt.NDArray[np.float32]
Shape = tuple[int, ...]


def random_points(
    shape: Shape, spacing_mm: npt.NDArray[np.float64], between_mm: float, rng: np.random.Generator
) -> Points:
    """Independent standard normal numbers at points ``between_mm`` apart that cover a grid of ``shape`` voxels."""
    spans = [max(1, int(np.ceil((n - 1) * d / between_mm))) for n, d in zip(shape, spacing_mm, strict=True)]
    return rng.standard_normal([span + 3 for span in spans], np.float32)


def field_of(points: Points, shape: Shape) -> Volume:
    """The spline through the grid: (slices, rows, columns) float32, as smooth as the points lie far apart."""
    field = points
    # The longest axis last: the products before it are small.
    for axis in np.argsort(shape):
        field = along(_spline(shape[axis], points.shape[axis]), field, int(axis))
    return field


def _spline(voxels: int, points: int) -> Matrix:
    """(voxels, points): the four weights of each voxel's neighbouring points; each row sums to 1."""
    place = np.linspace(0, points - 3, voxels)
    first = np.minimum(place.astype(int), points - 4)
    u = place - first
    weights = np.stack([(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3])
    matrix = np.zeros((voxels, points), np.float32)
    for k in range(4):
        matrix[np.arange(voxels), first + k] = weights[k] / 6
    return matrix
