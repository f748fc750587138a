"""The blend of overlapping windows, of which only the slices still open are ever in memory.

Windows come in slice order. Once they begin beyond a slice, that slice is finished, is handed out and makes room.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from inference.predict.windows import Position, Tiling, overlap_along

Maps = npt.NDArray[np.float32]
OnSlab = Callable[[int, Maps], None]
"""Gets the number of the first slice, and probabilities (n, rows, columns, channels) float32 of it and those after
it. They are only lent: the memory is used again once the call returns."""
OnBlended = Callable[[int, Sequence[Maps]], None]
"""The same for several layers, one after the other."""


class RollingSlab:
    """Weighted sums of windows for as many slices as a window has, in one layer for each member of an ensemble."""

    def __init__(self, tiling: Tiling, *, layers: int, channels: int, on_blended: OnBlended) -> None:
        self._tiling = tiling
        self._on_blended = on_blended
        _, rows, columns = tiling.shape
        self._sums = [np.zeros((tiling.patch[0], rows, columns, channels), np.float32) for _ in range(layers)]
        self._begins = tiling.starts[0][0]
        self._weights = _weights_of_a_window(tiling, channels)
        self._slice_totals = tiling.totals(0)
        self._plane_totals = (tiling.totals(1)[:, np.newaxis] * tiling.totals(2))[..., np.newaxis]

    def add(self, start: Position, window: Sequence[Maps]) -> None:
        """Add a window (slices, rows, columns, channels) for each layer; its values are overwritten.

        ``start`` must not lie before that of an earlier call along the slices.
        """
        self._roll_to(start[0])
        (_, z), (rows, y), (columns, x) = (
            overlap_along(start[axis], self._tiling.patch[axis], self._tiling.shape[axis])
            for axis in range(3)
        )
        for sums, values in zip(self._sums, window, strict=True):
            np.multiply(values, self._weights, out=values)
            sums[z, rows, columns] += values[z, y, x]

    def finish(self) -> None:
        """Hand out what is left; nothing can be added afterwards."""
        self._roll_to(self._begins + self._tiling.patch[0])

    def _roll_to(self, begins: int) -> None:
        finished = begins - self._begins
        if finished == 0:
            return
        self._hand_out(finished)
        for sums in self._sums:
            # Slice by slice: for all at once numpy would copy the slab, since source and target overlap.
            for z in range(len(sums) - finished):
                sums[z] = sums[z + finished]
            sums[len(sums) - finished :] = 0
        self._begins = begins

    def _hand_out(self, finished: int) -> None:
        inside, within = overlap_along(self._begins, finished, self._tiling.shape[0])
        for sums in self._sums:
            for z, total in zip(range(within.start, within.stop), self._slice_totals[inside], strict=True):
                sums[z] /= self._plane_totals * total
        self._on_blended(inside.start, [sums[within] for sums in self._sums])


def _weights_of_a_window(tiling: Tiling, channels: int) -> Maps:
    """(slices, rows, columns, channels): as large as a window, so that a multiplication runs straight through."""
    z, y, x = tiling.weights
    weights = z[:, np.newaxis, np.newaxis] * y[:, np.newaxis] * x
    return np.repeat(weights[..., np.newaxis], channels, axis=-1)
