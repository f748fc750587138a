"""Which runs touch: the connected parts of a segment, and where two segments meet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.volume.runs import Index, Runs


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The connected parts of a segment, in the order of their first voxel.

    ``number`` is (runs,): the part of each run, from 0. ``voxels`` is (parts,): how large each part is.
    """

    number: npt.NDArray[np.int64]
    voxels: Index

    def largest(self, count: int) -> npt.NDArray[np.int64]:
        """The numbers of the ``count`` largest parts; of two of one size the first comes first."""
        return np.argsort(-self.voxels, kind="stable")[:count]


def parts_of(runs: Runs) -> Parts:
    """The parts of ``runs``, connected along slices, rows and columns, not diagonally."""
    # Half a second of import that only an analysis needs.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = [meetings(runs, runs, axis)[:2] for axis in (0, 1)]
    first, second = np.concatenate(pairs, axis=1)
    size = len(runs.start)
    touching = coo_array((np.ones(len(first), np.bool_), (first, second)), shape=(size, size))
    count, found = connected_components(touching, directed=False)
    number = found.astype(np.int64)
    voxels = np.bincount(number, weights=runs.length, minlength=count).astype(np.int64)
    return Parts(number=number, voxels=voxels)


def meetings(these: Runs, those: Runs, axis: int | None) -> tuple[Index, Index, Index]:
    """Where ``these``, moved on by one voxel along ``axis`` (None: not moved), lie on ``those``.

    Returns three of shape (m,): which run of ``these``, which of ``those``, and on how many voxels. Both are
    on grids of one shape; what moves out of the grid meets nothing.
    """
    start, stop = (these.start, these.stop) if axis is None else _moved(these, axis)
    first = np.searchsorted(those.stop, start, "right")
    count = np.searchsorted(those.start, stop, "left") - first
    count[(stop <= start) | (count < 0)] = 0
    here = np.repeat(np.arange(len(start)), count)
    there = np.arange(len(here)) + np.repeat(first - (np.cumsum(count) - count), count)
    shared = np.minimum(stop[here], those.stop[there]) - np.maximum(start[here], those.start[there])
    return here, there, shared


def _moved(runs: Runs, axis: int) -> tuple[Index, Index]:
    """Start and stop one voxel on; of what would leave its slice or row nothing is left."""
    _, rows, columns = runs.shape
    step = (rows * columns, columns, 1)[axis]
    start, stop = runs.start + step, runs.stop + step
    if axis == 1:
        stop = np.where(runs.rows == rows - 1, start, stop)
    if axis == 2:
        stop = np.minimum(stop, (runs.start // columns + 1) * columns)
    return start, stop
