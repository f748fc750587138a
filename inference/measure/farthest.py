"""The two points of a cloud that lie farthest from each other, exactly."""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

BLOCK_POINTS = 512


def farthest_distance(points: Points) -> float:
    """The largest distance between two of (n, 2) or (n, 3) points, which do not all lie in one plane or line.

    The two are corners of the convex hull: of those few, all pairs are looked at.
    """
    # A third of a second of import that only a measurement needs.
    from scipy.spatial import ConvexHull

    corners = points[ConvexHull(points).vertices]
    # About their own middle, so that what is squared is small.
    corners = corners - corners.mean(axis=0)
    blocks = (corners[start : start + BLOCK_POINTS] for start in range(0, len(corners), BLOCK_POINTS))
    return float(np.sqrt(max(_largest_square(block, corners) for block in blocks)))


def _largest_square(some: Points, all_of_them: Points) -> float:
    squares = (some**2).sum(axis=1)[:, np.newaxis] + (all_of_them**2).sum(axis=1) - 2 * some @ all_of_them.T
    return float(squares.max())
