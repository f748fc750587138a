"""Masses and consolidations, drawn."""

import numpy as np

from inference.train.augment.axes import require_image
from inference.train.augment.look import Values
from inference.train.augment.tables import Opacities

_SMALLEST, _LARGEST = 0.015, 0.11
"""Half axes as share of the longest side."""


def opacities(values: Values, step: Opacities, rng: np.random.Generator) -> Values:
    """One to ``step.most`` bright ellipses with soft or sharp edges."""
    require_image(values.shape, step.step)
    values = values.copy()
    for _ in range(rng.integers(1, step.most + 1)):
        _brighten_ellipse(values, rng)
    return values


def _brighten_ellipse(values: Values, rng: np.random.Generator) -> None:
    shape = np.array(values.shape)
    centre = rng.uniform(0.15, 0.85, 2) * shape
    axes = rng.uniform(_SMALLEST, _LARGEST) * rng.uniform(0.6, 1.4, 2) * shape.max()
    edge, most = rng.uniform(0.1, 0.9), rng.uniform(0.08, 0.5)
    first = np.maximum(np.floor(centre - axes), 0).astype(int)
    last = np.minimum(np.ceil(centre + axes) + 1, shape).astype(int)
    row, column = np.ogrid[first[0] : last[0], first[1] : last[1]]
    # 0 at the centre, 1 on the rim.
    distance = np.hypot((row - centre[0]) / axes[0], (column - centre[1]) / axes[1])
    density = np.clip((1.0 - distance) / edge, 0.0, 1.0) * most
    part = values[first[0] : last[0], first[1] : last[1]]
    part += density.astype(np.float32) * (1.0 - part)
