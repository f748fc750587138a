"""Uneven exposure, or the bias field of an MR coil."""

import numpy as np

from inference.train.augment.look import Values
from inference.train.augment.smooth import draw_smooth
from inference.train.augment.tables import Shade


def shade(values: Values, step: Shade, rng: np.random.Generator) -> Values:
    """A slow change of brightness, the more the larger a spread is drawn."""
    return np.asarray(values * np.exp(draw_smooth(values.shape, 4, rng.uniform(0.0, step.most), rng)))
