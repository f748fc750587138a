"""The corners of voxels among which the outermost points of a segment are."""

import numpy as np
import numpy.typing as npt

from inference.volume.runs import Runs

Corners = npt.NDArray[np.float64]


def outermost_corners(runs: Runs) -> Corners:
    """(n, 3) of slice, row and column index: corners of the first and the last voxel of each row.

    A voxel's corners lie half an index from its centre. Every corner of the convex hull is among them.
    """
    line = runs.start // runs.shape[2]
    begins = np.flatnonzero(np.diff(line, prepend=-1))
    slices, rows = runs.slices[begins], runs.rows[begins]
    first = np.minimum.reduceat(runs.columns, begins)
    last = np.maximum.reduceat(runs.columns + runs.length, begins)
    return _in_each_direction(slices, rows, np.stack([first, last]) - 0.5)


def _in_each_direction(
    slices: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], ends: npt.NDArray[np.float64]
) -> Corners:
    shifts = [(s, r) for s in (-0.5, 0.5) for r in (-0.5, 0.5)]
    corners = [np.stack([slices + s, rows + r, end], axis=1) for s, r in shifts for end in ends]
    return np.concatenate(corners)
