"""From stored values to what the network sees: decoded, rescaled, bright where much was absorbed."""

import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut

from inference.errors import InputUnreadable
from inference.volume.decoders import decode_frame
from inference.volume.frames import encoded_frames, is_encapsulated, number_of_frames
from inference.volume.native import native_values, require_length
from inference.volume.padding import darken_padding
from inference.volume.pixel_format import pixel_format

DECODING = (
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
"""What pydicom and its decoders are known to raise on damaged or unsupported pixel data."""


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
    expected, value = pixel_format(instance), instance.get("PixelData")
    if not isinstance(value, bytes) or number_of_frames(instance) != 1:
        raise InputUnreadable("the pixel data cannot be decoded: the instance has not one frame")
    syntax = instance.file_meta.TransferSyntaxUID
    if is_encapsulated(syntax):
        return expected.as_stored(decode_frame(encoded_frames(value, 1)[0], syntax, expected))
    require_length(len(value), expected, 1, lambda start: value[start:])
    vr = instance["PixelData"].VR
    frames = native_values(value, expected, is_little_endian=syntax.is_little_endian, vr=vr)
    return np.asarray(frames[0])


def _rescale(stored: npt.NDArray[Any], instance: Dataset) -> npt.NDArray[np.float32]:
    try:
        pixels = np.asarray(apply_modality_lut(stored, instance), np.float32)
    except DECODING as error:
        raise InputUnreadable(f"the Modality LUT cannot be applied ({type(error).__name__})") from None
    if not np.isfinite(pixels).all():
        raise InputUnreadable("the Modality LUT gives values that are no numbers")
    return pixels
