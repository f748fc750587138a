"""Another curve of greys."""

import numpy as np

from inference.train.augment.factor import draw_factor
from inference.train.augment.look import Values
from inference.train.augment.tables import Gamma


def gamma(values: Values, step: Gamma, rng: np.random.Generator) -> Values:
    """From film-like to detector-like: values in 0..1 to a power."""
    return np.asarray(values ** np.float32(draw_factor(step.largest, rng)))
