"""Little pictures of shapes that are shifted, turned, scaled, and seen in noise."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.train.case import Class, Example

SIDE = 28
Plane = npt.NDArray[Any]
Shape = Callable[[Plane, Plane], Plane]

SHAPES: dict[str, Shape] = {
    "disk": lambda x, y: np.hypot(x, y) < 1.0,
    "square": lambda x, y: np.maximum(abs(x), abs(y)) < 0.85,
    "cross": lambda x, y: (np.minimum(abs(x), abs(y)) < 0.3) & (np.maximum(abs(x), abs(y)) < 1.1),
    "ring": lambda x, y: abs(np.hypot(x, y) - 0.85) < 0.25,
    "bar": lambda x, y: (abs(x) < 0.4) & (abs(y) < 1.3),
    "angle": lambda x, y: (np.minimum(abs(x + 0.7), abs(y + 0.7)) < 0.3) & (np.maximum(abs(x), abs(y)) < 1.0),
}


def examples_of(
    kinds: Sequence[str], counts: Sequence[int], seed: int, *, noise: float = 0.07
) -> list[Example]:
    """``counts[k]`` pictures of the shape ``kinds[k]``, whose class is k."""
    rng = np.random.default_rng([seed, 77])
    return [
        _example(picture(kind, rng, noise), number, len(kinds))
        for number, (kind, count) in enumerate(zip(kinds, counts, strict=True))
        for _ in range(count)
    ]


def picture(kind: str, rng: np.random.Generator, noise: float) -> npt.NDArray[np.float32]:
    """One shape on a ground of its own grey."""
    turn, scale, middle = rng.uniform(-0.15, 0.15), rng.uniform(5.0, 7.0), SIDE / 2 + rng.uniform(-4, 4, 2)
    row, column = (np.arange(SIDE) - centre for centre in middle)
    x = (np.cos(turn) * column[None] + np.sin(turn) * row[:, None]) / scale
    y = (-np.sin(turn) * column[None] + np.cos(turn) * row[:, None]) / scale
    ground, contrast = rng.uniform(0.0, 0.3), rng.uniform(0.4, 0.7)
    values = ground + contrast * SHAPES[kind](x, y) + rng.normal(0.0, noise, (SIDE, SIDE))
    return values.astype(np.float32)


def _example(values: npt.NDArray[np.float32], number: int, classes: int) -> Example:
    return Example(
        values=values, truth=Class(shares=np.eye(classes, dtype=np.float32)[number]), group=str(number)
    )
