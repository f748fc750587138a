"""A network over a volume of any size, window by window, through calls of one shape only.

What is kept is one slab, as thick as a window: not the probabilities of the whole volume, which for a hundred
classes would be tens of gigabytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from inference.errors import PredictionFailed
from inference.predict.rolling_slab import Maps, OnBlended, RollingSlab
from inference.predict.windows import Position, Tiling, overlap_along

Values = npt.NDArray[np.float32]
RunWindows = Callable[[Values], Sequence[Maps]]
"""(batch, slices, rows, columns, 1) float32 to maps (batch, slices, rows, columns, channels), one for each layer."""


def slide(
    values: Values, tiling: Tiling, *, batch: int, pad_value: float, run: RunWindows, on_blended: OnBlended
) -> None:
    """Run every window of ``values`` (slices, rows, columns), and hand out the blend in slice order.

    ``on_blended`` gets each slice exactly once. The last batch is filled up with what the one before it held.
    Raises PredictionFailed where the slab does not fit into memory.
    """
    # Where the volume is smaller than a window all windows lie alike: what is beyond it is filled in once.
    windows = np.full((batch, *tiling.patch, 1), pad_value, np.float32)
    slab: RollingSlab | None = None
    for starts in _batches(tiling.positions(), batch):
        for window, start in zip(windows, starts, strict=False):
            _cut(values, tiling, start, window[..., 0])
        layers = run(windows)
        slab = slab or _slab(tiling, layers, on_blended)
        for number, start in enumerate(starts):
            slab.add(start, [layer[number] for layer in layers])
    if slab is not None:
        slab.finish()


def _batches(positions: Iterable[Position], size: int) -> Iterator[list[Position]]:
    remaining = iter(positions)
    while batch := list(islice(remaining, size)):
        yield batch


def _cut(values: Values, tiling: Tiling, start: Position, window: Values) -> None:
    (z, to_z), (y, to_y), (x, to_x) = (
        overlap_along(start[axis], tiling.patch[axis], tiling.shape[axis]) for axis in range(3)
    )
    window[to_z, to_y, to_x] = values[z, y, x]


def _slab(tiling: Tiling, layers: Sequence[Maps], on_blended: OnBlended) -> RollingSlab:
    channels = layers[0].shape[-1]
    try:
        return RollingSlab(tiling, layers=len(layers), channels=channels, on_blended=on_blended)
    except MemoryError:
        _, rows, columns = tiling.shape
        raise PredictionFailed(
            f"a slab of {len(layers)} x {tiling.patch[0]} slices of {rows} x {columns} with {channels} channels does "
            "not fit into memory; a [predict] patch with fewer slices needs less"
        ) from None
