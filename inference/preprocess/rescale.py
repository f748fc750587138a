"""Intensity only: another scale."""

import numpy as np

from inference.package.steps import Rescale
from inference.preprocess.field import Field, Prepared, with_intensities


def rescale(field: Field, step: Rescale) -> Prepared:
    """value * ``step.scale`` + ``step.offset``."""
    scaled = field.values * np.float32(step.scale)
    scaled += np.float32(step.offset)
    return with_intensities(field, scaled)
