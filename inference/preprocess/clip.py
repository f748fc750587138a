"""Intensity only: nothing beyond two limits."""

import numpy as np

from inference.package.steps import Clip
from inference.preprocess.field import Field, Prepared, with_intensities


def clip(field: Field, step: Clip) -> Prepared:
    """What lies below ``step.at_least`` becomes that, what lies above ``step.at_most`` becomes that."""
    return with_intensities(field, np.clip(field.values, step.at_least, step.at_most))
