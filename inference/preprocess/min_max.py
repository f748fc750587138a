"""Intensity only: percentiles of the image become 0 and 1."""

import numpy as np

from inference.package.steps import MinMax
from inference.preprocess.field import Field, Prepared, with_intensities


def min_max(field: Field, step: MinMax) -> Prepared:
    """Clip to the two percentiles and scale to 0..1; an image of one value becomes all zeros."""
    values = field.values
    low, high = np.percentile(values, [step.lower_percentile, step.upper_percentile])
    if high <= low:
        return with_intensities(field, np.zeros_like(values))
    scaled = (np.clip(values, low, high) - low) / (high - low)
    return with_intensities(field, scaled)
