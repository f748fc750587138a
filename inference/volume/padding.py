"""Pixels that stand for nothing: Pixel Padding Value (PS3.3 C.7.5.1.1.2)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from inference.volume.attributes import whole_number


def darken_padding(
    pixels: npt.NDArray[np.float32], stored: npt.NDArray[Any], instance: Dataset
) -> npt.NDArray[np.float32]:
    """Give padding the darkest value of the image, so that it does not stretch the grey scale.

    ``pixels`` and ``stored`` are (rows, columns), the first in the MONOCHROME2 sense, the second as stored.
    An image that is padding everywhere is left as it is; the gate calls it blank.
    """
    padding = padding_mask(stored, instance)
    if padding is None or padding.all() or not padding.any():
        return pixels
    darkest = pixels[~padding].min()
    return np.where(padding, darkest, pixels)


def padding_mask(stored: npt.NDArray[Any], header: Dataset) -> npt.NDArray[np.bool_] | None:
    """Where the stored values (integers of any shape) are padding; None where none is."""
    value = whole_number(header, "PixelPaddingValue")
    if value is None:
        return None
    limit = whole_number(header, "PixelPaddingRangeLimit")
    low, high = sorted(_signed_as(stored, each) for each in (value, value if limit is None else limit))
    if high < stored.min():  # the common case, at a quarter of what a mask costs
        return None
    return stored == low if low == high else (stored >= low) & (stored <= high)


def _signed_as(stored: npt.NDArray[Any], value: int) -> int:
    """The value with the sign of the pixels: many write it as an unsigned number, whatever they are."""
    limits = np.iinfo(stored.dtype)
    turned = value - 2**16 if limits.min < 0 and limits.max < value < 2**16 else value
    return turned if limits.min <= turned <= limits.max else value
