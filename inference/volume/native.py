"""Native Pixel Data: as many bytes as Rows x Columns say, or a lie (PS3.5 section 8.1)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import InputUnreadable
from inference.volume.pixel_format import PixelFormat
from inference.volume.stored_instance import StoredInstance

FrameReader = Callable[[int], npt.NDArray[Any]]
"""Frame number, from 1 -> (rows, columns) stored values as (u)int8 or (u)int16; safe in several threads."""

# A column too few leaves more than this over in any image that is worth a look.
_LONGEST_PADDING_BYTES = 128


def native_reader(instance: StoredInstance, expected: PixelFormat, frames: int) -> FrameReader:
    """How native frames are read from the file, each when it is asked for.

    Raises InputUnreadable, also when it is called, where there are fewer or more bytes than the header says.
    """
    length = instance.pixels_length
    if length is None:
        raise InputUnreadable("the pixel data cannot be decoded: native Pixel Data without a length")
    require_length(length, expected, frames, lambda start: instance.read_pixel_data()[start:length])
    if instance.path.stat().st_size < instance.pixels_at + expected.frame_bytes * frames:
        raise InputUnreadable("the pixel data cannot be decoded: the file ends within it")
    return (_one_by_one if instance.is_little_endian else _at_once)(instance, expected)


def native_values(
    value: bytes, expected: PixelFormat, *, is_little_endian: bool, vr: str
) -> npt.NDArray[Any]:
    """(frames, rows, columns) stored values out of whole native frames."""
    if expected.bits_allocated == 8 and vr == "OW" and not is_little_endian:
        # Bytes in words, and the words turned round (PS3.5 section 8.1.1 and A.3).
        value = np.frombuffer(value, ">u2", len(value) // 2).astype("<u2").tobytes()
    count = len(value) // expected.frame_bytes
    raw = np.frombuffer(value, _dtype(expected, is_little_endian), count * expected.rows * expected.columns)
    return _to_stored(raw, expected).reshape(count, expected.rows, expected.columns)


def require_length(
    length: int, expected: PixelFormat, frames: int, rest_from: Callable[[int], bytes]
) -> None:
    """Raise InputUnreadable where native Pixel Data are not as long as the header says.

    ``rest_from`` gives the bytes from there on; a few zeros are padding, anything else belies Rows or Columns.
    """
    needed = expected.frame_bytes * frames
    if length == needed:
        return
    if needed < length <= needed + _LONGEST_PADDING_BYTES and not rest_from(needed).strip(b"\0"):
        return
    if length == needed + needed % 2:  # to an even length, with whatever the writer had
        return
    raise InputUnreadable(
        f"the pixel data cannot be decoded: {expected.rows} x {expected.columns} x {frames} frames need "
        f"{needed} bytes, there are {length}"
    )


def _one_by_one(instance: StoredInstance, expected: PixelFormat) -> FrameReader:
    dtype, pixels = _dtype(expected, True), expected.rows * expected.columns

    def read(number: int) -> npt.NDArray[Any]:
        raw = np.empty(pixels, dtype)
        with instance.path.open("rb", buffering=0) as file:
            file.seek(instance.pixels_at + (number - 1) * expected.frame_bytes)
            read = file.readinto(raw.data)
        if read != raw.nbytes:
            raise InputUnreadable("the pixel data cannot be decoded: the file ends within it")
        return _to_stored(raw, expected).reshape(expected.rows, expected.columns)

    return read


def _at_once(instance: StoredInstance, expected: PixelFormat) -> FrameReader:
    """Big endian, retired and rare: read whole, since bytes may be swapped across frames."""
    value = instance.read_pixel_data()[: instance.pixels_length]
    frames = native_values(value, expected, is_little_endian=False, vr=instance.pixels_vr)
    return lambda number: frames[number - 1]


def _to_stored(raw: npt.NDArray[Any], expected: PixelFormat) -> npt.NDArray[Any]:
    return expected.as_stored(raw if raw.dtype.isnative else raw.astype(raw.dtype.newbyteorder("=")))


def _dtype(expected: PixelFormat, is_little_endian: bool) -> np.dtype[Any]:
    return np.dtype(f"{'<' if is_little_endian else '>'}u{expected.bits_allocated // 8}")
