"""A closed line with fewer points and nearly the same shape.

By the method of Visvalingam and Whyatt (1993): the point goes that spans the smallest triangle with its
neighbours, again and again. Corners stay, staircases go.
"""

import numpy as np
import numpy.typing as npt

Line = npt.NDArray[np.float64]

_MANY = 1200


def simplify(line: Line, most_points: int) -> Line:
    """Reduce a closed (n, 2) line to at most ``most_points``, the repeated first point included."""
    points = _thin(_corners(line[:-1]))
    while len(points) > most_points - 1:
        points = np.delete(points, _least_important(points, most_points), axis=0)
    return np.vstack([points, points[:1]])


def _corners(points: Line) -> Line:
    """Without the points that lie on the straight between their neighbours; never fewer than three."""
    corners = points[_triangle_areas(points) > 0]
    return corners if len(corners) >= 3 else points


def _thin(points: Line) -> Line:
    """Take every n-th point of a very long line first: they lie half a pixel apart."""
    return points[:: -(-len(points) // _MANY)]


def _least_important(points: Line, most_points: int) -> npt.NDArray[np.intp]:
    """The points to drop now: one alone near the end, several that are no neighbours while there are many."""
    areas = _triangle_areas(points)
    surplus = len(points) - (most_points - 1)
    order = np.argsort(areas, kind="stable")[: max(1, surplus // 8)]
    chosen = np.zeros(len(points), bool)
    for index in order:
        if not (chosen[index - 1] or chosen[(index + 1) % len(points)]):
            chosen[index] = True
    return np.flatnonzero(chosen)


def _triangle_areas(points: Line) -> npt.NDArray[np.float64]:
    before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
    areas: npt.NDArray[np.float64] = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) / 2
    return areas
