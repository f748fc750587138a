"""Which decoder reads which transfer syntax: the one place where that is decided.

imagecodecs, since its decoders let go of the interpreter lock (those of pydicom's plugins do not), it reads
JPEG lossless of up to 16 bits under a permissive licence, and it fails with an exception, not the process.
"""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from inference.errors import InputUnreadable
from inference.volume.codestream import require_whole_jpeg, require_whole_jpeg_2000
from inference.volume.pixel_format import PixelFormat
from inference.volume.rle import decode_rle

Decoder = Callable[[bytes, PixelFormat], npt.NDArray[Any]]

# What imagecodecs is known to raise; its own errors are RuntimeErrors.
_DECODING = (RuntimeError, ValueError, NotImplementedError, MemoryError, OverflowError, TypeError)


def decode_frame(codestream: bytes, transfer_syntax_uid: str, expected: PixelFormat) -> npt.NDArray[Any]:
    """Decode one encapsulated frame to (rows, columns) of integers, stored values not yet told from other bits.

    ``transfer_syntax_uid``: one of DECODERS. Raises InputUnreadable where the frame is damaged, cut off, or of
    another size than the instance says.
    """
    try:
        decoded = DECODERS[transfer_syntax_uid](codestream, expected)
    except _DECODING as error:
        said = " ".join(str(error).split())[:200]
        raise InputUnreadable(f"the pixel data cannot be decoded: {type(error).__name__}: {said}") from None
    if decoded.shape != (expected.rows, expected.columns):
        raise InputUnreadable(f"the pixel data decodes to {decoded.shape}, not to Rows x Columns")
    return _clip(decoded, expected) if transfer_syntax_uid in _LOSSY else decoded


def _clip(decoded: npt.NDArray[Any], expected: PixelFormat) -> npt.NDArray[Any]:
    """Lossy codecs overshoot: what lies beyond Bits Stored is white that is too white, not an overlay's bit."""
    if decoded.dtype.kind != ("i" if expected.is_signed else "u"):
        return decoded
    top = 2 ** (expected.bits_stored - expected.is_signed)
    clipped: npt.NDArray[Any] = np.clip(decoded, -top if expected.is_signed else 0, top - 1)
    return clipped


def _jpeg(codestream: bytes, expected: PixelFormat) -> npt.NDArray[Any]:
    require_whole_jpeg(codestream, expected)
    return imagecodecs.jpeg8_decode(codestream)


def _jpeg_ls(codestream: bytes, expected: PixelFormat) -> npt.NDArray[Any]:
    require_whole_jpeg(codestream, expected)
    try:
        return imagecodecs.jpegls_decode(codestream)
    except imagecodecs.JpeglsError:
        # Some encoders put a zero before the end, even in samples of DICOM's own (CharLS issue 437).
        head, mark, _ = codestream.rpartition(b"\0\xff\xd9")
        if not mark:
            raise
        return imagecodecs.jpegls_decode(head + mark[1:])


def _jpeg_2000(codestream: bytes, expected: PixelFormat) -> npt.NDArray[Any]:
    require_whole_jpeg_2000(codestream, expected)
    # One thread: slices are decoded beside each other, which needs no waiting for the slowest part.
    return imagecodecs.jpeg2k_decode(codestream, numthreads=1)


DECODERS: dict[str, Decoder] = {
    JPEGBaseline8Bit: _jpeg,
    JPEGExtended12Bit: _jpeg,
    JPEGLossless: _jpeg,
    JPEGLosslessSV1: _jpeg,
    JPEGLSLossless: _jpeg_ls,
    JPEGLSNearLossless: _jpeg_ls,
    JPEG2000Lossless: _jpeg_2000,
    JPEG2000: _jpeg_2000,
    HTJ2KLossless: _jpeg_2000,
    HTJ2KLosslessRPCL: _jpeg_2000,
    HTJ2K: _jpeg_2000,
    RLELossless: decode_rle,
}

_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000, HTJ2K)
