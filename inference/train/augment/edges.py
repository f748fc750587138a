"""Edges brought out, as vendors' processing does."""

import numpy as np
from PIL import Image
from scipy import ndimage

from inference.train.augment.look import Values
from inference.train.augment.tables import Edges

_SMALLEST, _LARGEST = 1.0, 12.0
"""Pixels; how coarse the structures are that are brought out."""

_COARSER = 2


def edges(values: Values, step: Edges, rng: np.random.Generator) -> Values:
    """Unsharp masking: the image plus its difference from a smooth copy."""
    smooth = _smoothed(values, rng.uniform(_SMALLEST, _LARGEST))
    return values + np.float32(rng.uniform(0.15, 1.0) * step.most) * (values - smooth)


def _smoothed(values: Values, width: float) -> Values:
    """By a Gaussian; a wide one on a coarser grid, where it costs little and loses nothing."""
    if values.ndim == 2 and width > 2 * _COARSER and min(values.shape) > 4 * width:
        rows, columns = values.shape
        coarse = Image.fromarray(values).resize((columns // _COARSER, rows // _COARSER), Image.Resampling.BOX)
        smooth = ndimage.gaussian_filter(np.asarray(coarse), width / _COARSER, truncate=2.0)
        return np.asarray(Image.fromarray(smooth).resize((columns, rows), Image.Resampling.BILINEAR))
    blurred: Values = ndimage.gaussian_filter(values, width, truncate=2.0)
    return blurred
