"""What a scanner would make of an anatomy at a place: greys of its own, uneven, coarse and noisy."""

from collections.abc import Sequence

import numpy as np

from inference.train.synthesis.acquisition import acquire
from inference.train.synthesis.along import Volume
from inference.train.synthesis.anatomy import Codes
from inference.train.synthesis.bias_field import uneven
from inference.train.synthesis.contrast import Palette
from inference.train.synthesis.place import Grid
from inference.train.synthesis.tables import SynthesisTable


def paint(
    points: Sequence[Codes], palette: Palette, grid: Grid, table: SynthesisTable, rng: np.random.Generator
) -> Volume:
    """(slices, rows, columns) float32, about 0..1, from the codes of each voxel's ``points`` on ``grid``."""
    image = _greys(points, palette, rng)
    image = uneven(image, grid, table.bias_field, rng)
    return acquire(image, grid, table.acquisition, rng)


def _greys(points: Sequence[Codes], palette: Palette, rng: np.random.Generator) -> Volume:
    """The mean of the points' greys, with the texture of the first point's label."""
    image = np.take(palette.mean, points[0])
    for codes in points[1:]:
        image += np.take(palette.mean, codes)
    image *= np.float32(1 / len(points))
    image += np.take(palette.deviation, points[0]) * rng.standard_normal(image.shape, np.float32)
    return image
