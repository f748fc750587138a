"""Side letters, text, stickers and metal, drawn."""

import numpy as np

from inference.train.augment.axes import require_image
from inference.train.augment.look import Values
from inference.train.augment.tables import Annotations


def annotations(values: Values, step: Annotations, rng: np.random.Generator) -> Values:
    """One to ``step.most`` rectangles, up to a tenth of the side, full or speckled, black or white."""
    require_image(values.shape, step.step)
    values, sides = values.copy(), np.array(values.shape)
    for _ in range(rng.integers(1, step.most + 1)):
        height, width = rng.integers(2, np.maximum(4, sides // 10))
        top, left = rng.integers(0, sides - (height, width))
        mark = rng.random((height, width)) < rng.choice([0.5, 1.0])
        values[top : top + height, left : left + width][mark] = rng.choice([0.0, 1.0, 1.0])
    return values
