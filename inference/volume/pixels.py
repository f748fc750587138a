"""From stored values to what the network sees: decoded, rescaled, bright where much was absorbed."""

import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut
from pydicom.pixels.utils import pixel_array

from inference.errors import InputUnreadable
from inference.volume.padding import darken_padding

# What pydicom and its decoders are known to raise on damaged or unsupported pixel data.
_DECODING = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)


def read_pixels(instance: Dataset) -> npt.NDArray[np.float32]:
    """Decode one grayscale frame to (rows, columns) float32 in the MONOCHROME2 sense.

    After the Modality LUT or Rescale Slope and Intercept (PS3.3 C.11.1). MONOCHROME1 is turned over
    within the image's own range, so that minimum and maximum stay. Raises InputUnreadable.
    """
    stored = _decode(instance)
    pixels = _rescale(stored, instance)
    if instance.PhotometricInterpretation == "MONOCHROME1":
        pixels = pixels.max() + pixels.min() - pixels
    return darken_padding(pixels, stored, instance)


def _decode(instance: Dataset) -> npt.NDArray[Any]:
    try:
        stored = pixel_array(instance)
    except _DECODING as error:
        raise InputUnreadable(f"the pixel data cannot be decoded: {_one_line(error)}") from None
    if stored.shape != (instance.Rows, instance.Columns):
        raise InputUnreadable(f"the pixel data decodes to {stored.shape}, not to Rows x Columns")
    return stored


def _rescale(stored: npt.NDArray[Any], instance: Dataset) -> npt.NDArray[np.float32]:
    try:
        pixels = np.asarray(apply_modality_lut(stored, instance), np.float32)
    except _DECODING as error:
        raise InputUnreadable(f"the Modality LUT cannot be applied ({type(error).__name__})") from None
    if not np.isfinite(pixels).all():
        raise InputUnreadable("the Modality LUT gives values that are no numbers")
    return pixels


def _one_line(error: Exception) -> str:
    """Decoders write paragraphs, about tags and plugins, never about the patient."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
