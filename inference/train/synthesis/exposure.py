"""Black and white of a window are those of the whole image it is cut from, as they are when serving.

Were each window stretched by itself, one of nothing but air would be all noise, which in service it never is.
"""

import numpy as np

from inference.package.steps import MinMax
from inference.train.synthesis.along import Volume
from inference.train.synthesis.anatomy import Anatomy
from inference.train.synthesis.contrast import Palette

SAMPLES = 20_000
"""Voxels of the whole volume that are looked at: a percentile of them is off by a tenth of a percent."""


def expose(
    image: Volume, anatomy: Anatomy, palette: Palette, step: MinMax, rng: np.random.Generator
) -> Volume:
    """``image`` in 0..1 between the percentiles ``step`` names of all the anatomy in the same greys, clipped."""
    codes = anatomy.codes.reshape(-1)[rng.integers(0, anatomy.codes.size, SAMPLES)]
    greys = palette.mean[codes] + palette.deviation[codes] * rng.standard_normal(SAMPLES, np.float32)
    black, white = np.percentile(greys, (step.lower_percentile, step.upper_percentile))
    width = max(float(white - black), float(np.finfo(np.float32).eps))
    return np.asarray(np.clip((image - np.float32(black)) / np.float32(width), 0, 1), np.float32)
