"""Cables, tubes and catheters, drawn."""

import numpy as np
import numpy.typing as npt

from inference.train.augment.axes import require_image
from inference.train.augment.look import Values
from inference.train.augment.tables import Lines

_WIDTHS = ((0, 0), (0, 1), (1, 0))


def lines(values: Values, step: Lines, rng: np.random.Generator) -> Values:
    """One to ``step.most`` bright curves, one to three pixels wide."""
    require_image(values.shape, step.step)
    values, limits = values.copy(), np.array(values.shape)[:, None] - 1
    for _ in range(rng.integers(1, step.most + 1)):
        path = _curve(values.shape, rng)
        row, column = path[:, ((path >= 0) & (path < limits)).all(axis=0)]
        for down, right in _WIDTHS[: rng.integers(1, 4)]:
            values[row + down, column + right] += np.float32(rng.uniform(0.1, 0.5))
    return values


def _curve(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """(2, points): rows and columns along a quadratic Bézier curve, which may leave the image."""
    along = np.linspace(0.0, 1.0, 4 * max(shape))
    weights = np.stack([(1 - along) ** 2, 2 * along * (1 - along), along**2])
    corners = rng.uniform(-0.1, 1.1, (3, 2)) * shape
    return np.floor(corners.T @ weights).astype(np.int64)
