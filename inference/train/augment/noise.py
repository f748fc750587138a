"""Electronic noise, the same everywhere."""

import numpy as np

from inference.train.augment.look import Values
from inference.train.augment.tables import Noise


def noise(values: Values, step: Noise, rng: np.random.Generator) -> Values:
    """Gaussian, with a standard deviation drawn up to ``step.most``."""
    spread = np.float32(rng.uniform(0.0, step.most))
    return values + spread * rng.standard_normal(values.shape, np.float32)
