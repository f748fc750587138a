"""Intensity only: percentiles of the image become 0 and 1."""

import numpy as np
import numpy.typing as npt

from inference.package.steps import MinMax
from inference.preprocess.step import Prepared, unchanged


def min_max(pixels: npt.NDArray[np.float32], step: MinMax) -> Prepared:
    """Clip to the two percentiles and scale to 0..1; an image of one value becomes all zeros."""
    low, high = np.percentile(pixels, [step.lower_percentile, step.upper_percentile])
    if high <= low:
        return Prepared(pixels=np.zeros_like(pixels), undo=unchanged)
    scaled = (np.clip(pixels, low, high) - low) / (high - low)
    return Prepared(pixels=scaled.astype(np.float32), undo=unchanged)
