"""The voxels of one segment as runs along the rows: small where the volume is large.

What is asked of a segment (how large, how many parts, what it touches) is answered from a few thousand runs,
not from a hundred million voxels; the label map is read once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Shape = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Runs:
    """Voxels of a grid of ``shape`` (slices, rows, columns); an image is one slice.

    ``start`` and ``stop`` are (n,) flat indices of each run's first voxel and of the one after its last, in
    ascending order. A run lies in one row, and between two runs of a row lies at least one voxel.
    """

    shape: Shape
    start: Index
    stop: Index

    @property
    def length(self) -> Index:
        """(n,): how many voxels each run has."""
        return self.stop - self.start

    @property
    def voxels(self) -> int:
        """How many voxels there are in all."""
        return int(self.length.sum())

    @property
    def slices(self) -> Index:
        """(n,): the slice index of each run."""
        return self.start // (self.shape[1] * self.shape[2])

    @property
    def rows(self) -> Index:
        """(n,): the row index of each run."""
        return self.start // self.shape[2] % self.shape[1]

    @property
    def columns(self) -> Index:
        """(n,): the column index of each run's first voxel."""
        return self.start % self.shape[2]

    @property
    def box(self) -> tuple[Shape, Shape]:
        """The first (slice, row, column) of the smallest box around all, and the one after its last."""
        slices, rows, columns = self.slices, self.rows, self.columns
        least = (int(slices.min()), int(rows.min()), int(columns.min()))
        return least, (int(slices.max()) + 1, int(rows.max()) + 1, int((columns + self.length).max()))

    def only(self, which: npt.NDArray[np.bool_]) -> "Runs":
        """Those of the runs for which (n,) ``which`` is true."""
        return Runs(shape=self.shape, start=self.start[which], stop=self.stop[which])

    def fill(self, grid: npt.NDArray[Any], value: int) -> None:
        """Write ``value`` into a grid of the same shape at these voxels; it must be in C order."""
        flat = grid.reshape(-1)
        if not np.shares_memory(flat, grid):
            raise ValueError("the grid is not in C order; make it so with np.ascontiguousarray")
        flat[self.flat] = value

    @property
    def flat(self) -> Index:
        """(voxels,): the flat index of every voxel, in ascending order."""
        before = np.cumsum(self.length) - self.length
        return np.asarray(np.arange(self.voxels) + np.repeat(self.start - before, self.length))


def runs_of_mask(mask: npt.NDArray[Any]) -> Runs:
    """The runs of what is not 0 in a mask, (rows, columns) or (slices, rows, columns)."""
    return runs_of_labels((mask != 0).view(np.uint8).reshape((-1, *mask.shape[-2:])), 1)[0]


def runs_of_labels(labels: npt.NDArray[np.uint8], segments: int) -> tuple[Runs, ...]:
    """The runs of each segment, 1 to ``segments``, of a (slices, rows, columns) label map; 0 is background."""
    shape = (labels.shape[0], labels.shape[1], labels.shape[2])
    planes = [_runs_of_plane(plane, k) for k, plane in enumerate(labels) if plane.any()]
    empty = (np.zeros((2, 0), np.int64), np.zeros(0, np.uint8))
    ends = np.concatenate([empty[0], *(each for each, _ in planes)], axis=1)
    label = np.concatenate([empty[1], *(each for _, each in planes)])
    return tuple(
        Runs(shape=shape, start=ends[0, label == k], stop=ends[1, label == k]) for k in range(1, segments + 1)
    )


def _runs_of_plane(
    plane: npt.NDArray[np.uint8], number: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """(2, n) start and stop, and (n,) label, of the runs of slice ``number``."""
    plane = np.ascontiguousarray(plane)
    begins = np.empty(plane.shape, np.bool_)
    np.not_equal(plane[:, 0], 0, out=begins[:, 0])
    np.not_equal(plane[:, 1:], plane[:, :-1], out=begins[:, 1:])
    start = np.flatnonzero(begins)
    label = plane.reshape(-1)[start]
    columns = plane.shape[1]
    stop = np.minimum(np.append(start[1:], plane.size), (start // columns + 1) * columns)
    is_marked = label > 0
    return np.stack([start, stop])[:, is_marked] + number * plane.size, label[is_marked]
