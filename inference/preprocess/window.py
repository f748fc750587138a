"""Intensity only: a window as radiologists set it."""

import numpy as np

from inference.package.steps import Window
from inference.preprocess.field import Field, Prepared, with_intensities


def window(field: Field, step: Window) -> Prepared:
    """centre - width / 2 and below become 0, centre + width / 2 and above 1 (LINEAR_EXACT, PS3.3 C.11.2.1.3.2)."""
    scaled = (field.values - np.float32(step.centre - step.width / 2)) * np.float32(1 / step.width)
    return with_intensities(field, np.clip(scaled, 0.0, 1.0, out=scaled))
