"""The mean over mirrored looks at the same input (test-time augmentation)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]

# From the end, so that they are the same for (batch, rows, columns, 1) and (batch, slices, rows, columns, 1).
_AXES = {"slices": -4, "rows": -3, "columns": -2}


def average_over_flips(run: Callable[[Values], Values], batch: Values, axes: Iterable[str]) -> Values:
    """The mean of ``run`` over the batch as it is and mirrored along every combination of ``axes``.

    So 2 axes mean 4 runs. ``run`` takes (batch, …, 1) to maps (batch, …, channels), which are mirrored back
    first, or to vectors (batch, classes). Without axes it is ``run(batch)``, bit for bit.
    """
    total = run(batch)
    flips = list(_combinations(axes))
    for flip in flips:
        answer = run(np.ascontiguousarray(np.flip(batch, flip)))
        total += np.flip(answer, flip) if answer.ndim == batch.ndim else answer
    if flips:
        total /= len(flips) + 1
    return total


def _combinations(axes: Iterable[str]) -> Iterator[tuple[int, ...]]:
    numbers = [_AXES[axis] for axis in axes]
    for count in range(1, len(numbers) + 1):
        yield from combinations(numbers, count)
