"""Pixels that stand for nothing: Pixel Padding Value (PS3.3 C.7.5.1.1.2)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset


def darken_padding(
    pixels: npt.NDArray[np.float32], stored: npt.NDArray[Any], instance: Dataset
) -> npt.NDArray[np.float32]:
    """Give padding the darkest value of the image, so that it does not stretch the grey scale.

    ``pixels`` and ``stored`` are (rows, columns), the first in the MONOCHROME2 sense, the second as stored.
    An image that is padding everywhere is left as it is; the gate calls it blank.
    """
    padding = _is_padding(stored, instance)
    if padding is None or padding.all() or not padding.any():
        return pixels
    darkest = pixels[~padding].min()
    return np.where(padding, darkest, pixels)


def _is_padding(stored: npt.NDArray[Any], instance: Dataset) -> npt.NDArray[np.bool_] | None:
    value = instance.get("PixelPaddingValue")
    limit = instance.get("PixelPaddingRangeLimit")
    limit = value if limit is None else limit
    if not isinstance(value, int) or not isinstance(limit, int):
        return None
    low, high = sorted((value, limit))
    return (stored >= low) & (stored <= high)
