"""A movement: where on the old grid each point of the new grid lies, and where the old points go."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Matrix = npt.NDArray[np.float64]
Points = npt.NDArray[np.float64]
Warp = npt.NDArray[np.float32]

_ROUNDS = 12
"""Of the fixed point that turns a warp round; each brings a mild warp's error down several times."""


@dataclass(frozen=True, kw_only=True)
class Motion:
    """Index x of the new grid shows index ``matrix`` @ x + ``offset`` + ``warp[x]`` of the old one, which has the same
    shape.

    ``matrix`` (d, d), ``offset`` (d,), ``warp`` (d, *shape) float32 or None. ``swap``: pairs of classes or segments
    that change places.
    """

    matrix: Matrix
    offset: Points
    warp: Warp | None = None
    swap: tuple[tuple[int, int], ...] = ()

    def after(self, first: "Motion") -> "Motion":
        """This movement carried out on what ``first`` has moved."""
        warp = self.warp
        if warp is not None:
            warp = np.tensordot(first.matrix, warp, 1).astype(np.float32)
        if first.warp is not None:
            reached = _at(first.warp, self.old_of_grid(first.warp.shape[1:]))
            warp = reached if warp is None else warp + reached
        return Motion(
            matrix=first.matrix @ self.matrix,
            offset=first.matrix @ self.offset + first.offset,
            warp=warp,
            swap=(*first.swap, *self.swap),
        )

    def old_of_grid(self, shape: tuple[int, ...]) -> Warp:
        """(d, *shape): where on the old grid every voxel of the new one lies."""
        axes = np.ogrid[tuple(slice(size) for size in shape)]
        old = np.empty((len(shape), *shape), np.float32)
        for number, (row, start) in enumerate(zip(self.matrix, self.offset, strict=True)):
            old[number] = sum((step * axis for step, axis in zip(row, axes, strict=True)), start)
        return old if self.warp is None else old + self.warp

    def new_of(self, old: Points) -> Points:
        """(d, n) indices on the new grid of points (d, n) on the old one."""
        inverse = np.linalg.inv(self.matrix)
        new = inverse @ (old - self.offset[:, None])
        if self.warp is not None:
            for _ in range(_ROUNDS):
                new = inverse @ (old - self.offset[:, None] - _at(self.warp, new))
        return np.asarray(new)

    def mirrored_axes(self, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """The axes that are turned round where that is all that happens, else None."""
        signs = np.diag(self.matrix)
        ends = np.where(signs < 0, np.array(shape) - 1.0, 0.0)
        if self.warp is not None or not np.array_equal(self.matrix, np.diag(np.sign(signs))):
            return None
        return tuple(np.flatnonzero(signs < 0).tolist()) if np.array_equal(self.offset, ends) else None


def around_centre(matrix: Matrix, shape: tuple[int, ...]) -> Motion:
    """The motion whose ``matrix`` leaves the centre of the grid where it is."""
    centre = (np.array(shape) - 1) / 2
    return Motion(matrix=matrix, offset=centre - matrix @ centre)


def _at(warp: Warp, points: Points | Warp) -> Warp:
    """The displacement (d, …) at ``points`` (d, …); beyond the grid that of its edge."""
    return np.stack(
        [ndimage.map_coordinates(part, points, np.float32, order=1, mode="nearest") for part in warp]
    )
