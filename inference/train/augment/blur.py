"""Movement and coarse detectors."""

import numpy as np
from scipy import ndimage

from inference.train.augment.look import Values
from inference.train.augment.tables import Blur


def blur(values: Values, step: Blur, rng: np.random.Generator) -> Values:
    """A Gaussian of 0.3 to ``step.most`` pixels."""
    smooth: Values = ndimage.gaussian_filter(values, rng.uniform(0.3, step.most))
    return smooth
