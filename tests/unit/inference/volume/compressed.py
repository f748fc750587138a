"""Frames in every compressed transfer syntax, and the bits each is good for."""

from collections.abc import Callable

import imagecodecs
import numpy as np
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from inference.volume.pixel_format import PixelFormat

ROWS, COLUMNS = 37, 53

# Syntax -> encoder of an unsigned image of so many bits, the bits it may have, and how far it may be off.
SYNTAXES: dict[str, tuple[Callable[[np.ndarray, int], bytes], tuple[int, ...], int]] = {
    RLELossless: (lambda image, bits: _rle(image, bits), (8, 12, 16), 0),
    JPEGBaseline8Bit: (lambda image, bits: imagecodecs.jpeg8_encode(image, level=95), (8,), 6),
    JPEGExtended12Bit: (
        lambda image, bits: imagecodecs.jpeg8_encode(image, level=95, bitspersample=12),
        (12,),
        90,
    ),
    JPEGLossless: (lambda image, bits: _jpeg_lossless(image, bits, 4), (8, 12, 16), 0),
    JPEGLosslessSV1: (lambda image, bits: _jpeg_lossless(image, bits, 1), (8, 12, 16), 0),
    JPEGLSLossless: (lambda image, bits: imagecodecs.jpegls_encode(image), (8, 12, 16), 0),
    JPEGLSNearLossless: (lambda image, bits: imagecodecs.jpegls_encode(image, level=3), (8, 12, 16), 3),
    JPEG2000Lossless: (
        lambda image, bits: imagecodecs.jpeg2k_encode(
            image, level=0, reversible=True, codecformat="j2k", bitspersample=bits
        ),
        (8, 12, 16),
        0,
    ),
    JPEG2000: (
        lambda image, bits: imagecodecs.jpeg2k_encode(image, level=60, codecformat="j2k", bitspersample=bits),
        (8, 12),
        40,
    ),
}


def picture(bits: int, rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Smooth, over the whole range of so many bits, and no flip or turn maps it onto itself."""
    row, column = np.mgrid[0:rows, 0:columns]
    shade = (np.sin(row / 9) + np.cos(column / 7 + row / 30) + 2) / 4
    shade = (shade - shade.min()) / (shade.max() - shade.min())
    return np.round(shade * (2**bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def pixel_format_of(image: np.ndarray, bits: int) -> PixelFormat:
    return PixelFormat(
        rows=image.shape[0],
        columns=image.shape[1],
        bits_allocated=image.dtype.itemsize * 8,
        bits_stored=bits,
        high_bit=bits - 1,
        is_signed=False,
    )


def _jpeg_lossless(image: np.ndarray, bits: int, predictor: int) -> bytes:
    codestream: bytes = imagecodecs.jpeg8_encode(
        image, lossless=True, predictor=predictor, bitspersample=bits
    )
    return codestream


def _rle(image: np.ndarray, bits: int) -> bytes:
    return get_encoder(RLELossless).encode(
        image,
        rows=image.shape[0],
        columns=image.shape[1],
        samples_per_pixel=1,
        bits_allocated=image.dtype.itemsize * 8,
        bits_stored=bits,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
        number_of_frames=1,
        encoding_plugin="pydicom",
    )
