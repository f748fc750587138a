"""RLE Lossless frames (PS3.5 annex G): a segment of PackBits for each byte of a pixel, the highest first."""

from struct import Struct
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from inference.errors import InputUnreadable
from inference.volume.pixel_format import PixelFormat

_HEADER_BYTES = 64
_header = Struct("<16I").unpack_from


def decode_rle(frame: bytes, expected: PixelFormat) -> npt.NDArray[Any]:
    """Decode one frame to (rows, columns) uint8 or uint16; raises InputUnreadable where it is damaged."""
    bounds = _segment_bounds(frame, expected.bits_allocated // 8)
    planes = [_plane(frame[start:end], expected) for start, end in bounds]
    if len(planes) == 1:
        return planes[0]
    return (planes[0].astype(np.uint16) << 8) | planes[1]


def _segment_bounds(frame: bytes, count: int) -> list[tuple[int, int]]:
    if len(frame) < _HEADER_BYTES:
        raise InputUnreadable("the pixel data cannot be decoded: an RLE frame is shorter than its header")
    segments, *offsets = _header(frame)
    ends = [*offsets[1:count], len(frame)]
    bounds = list(zip(offsets[:count], ends, strict=True))
    if segments != count or not all(_HEADER_BYTES <= start < end <= len(frame) for start, end in bounds):
        raise InputUnreadable(
            f"the pixel data cannot be decoded: an RLE frame has not {count} whole segments"
        )
    return bounds


def _plane(segment: bytes, expected: PixelFormat) -> npt.NDArray[np.uint8]:
    pixels = expected.rows * expected.columns
    # A segment is padded to an even length by a zero, which PackBits reads as a run with nothing in it.
    unpacked = bytearray(pixels)
    length = len(imagecodecs.packbits_decode(segment, out=unpacked))
    if length != pixels:
        raise InputUnreadable(f"the pixel data cannot be decoded: an RLE segment holds {length} of {pixels}")
    return np.frombuffer(unpacked, np.uint8).reshape(expected.rows, expected.columns)
