"""Uneven reception: a smooth factor over the image (Van Leemput et al., IEEE TMI 1999: smooth in its logarithm)."""

import numpy as np

from inference.train.synthesis.along import Volume
from inference.train.synthesis.draw import between
from inference.train.synthesis.place import Grid
from inference.train.synthesis.smooth_field import field_of, random_points
from inference.train.synthesis.tables import BiasField


def uneven(image: Volume, grid: Grid, table: BiasField, rng: np.random.Generator) -> Volume:
    """``image`` times a smooth positive factor."""
    points = random_points(grid.shape, np.array(grid.spacing_mm), table.between_mm, rng)
    logarithm = field_of(points * np.float32(between(table.deviation, rng)), grid.shape)
    return np.asarray(image * np.exp(logarithm))
