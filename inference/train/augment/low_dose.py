"""A lower dose: fewer photons, so more noise where more was absorbed (Beer-Lambert and Poisson)."""

import numpy as np

from inference.train.augment.look import Values
from inference.train.augment.tables import LowDose


def low_dose(values: Values, step: LowDose, rng: np.random.Generator) -> Values:
    """The image as so many photons a pixel would have given it, bright being where much is absorbed."""
    photons = np.exp(rng.uniform(*np.log(step.photons)))
    counts = rng.poisson(photons * np.exp(-step.absorption * values))
    # Where not one photon came, one is counted: a logarithm of nothing is no grey.
    return np.asarray(-np.log(np.maximum(counts, 1.0) / photons) / step.absorption, np.float32)
