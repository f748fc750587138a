"""How stored values lie in bytes (Image Pixel module, PS3.3 C.7.6.3 and PS3.5 section 8)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from inference.errors import InputUnreadable
from inference.volume.attributes import whole_number, word

LARGEST_PIXELS = 128 * 1024 * 1024
"""Of one frame. Four times the longest stitched radiograph; beyond it lies an attack or a fault."""


@dataclass(frozen=True, kw_only=True)
class PixelFormat:
    """Of grayscale frames with 8 or 16 Bits Allocated."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool

    @property
    def frame_bytes(self) -> int:
        """Length of one native frame."""
        return self.rows * self.columns * self.bits_allocated // 8

    def as_stored(self, raw: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The stored values of ``raw`` integers (any shape), in (u)int8 or (u)int16.

        Bits outside of those stored are no part of a value (overlays once lay there), and the sign is that of
        Pixel Representation, whatever a codec made of it.
        """
        unsigned, signed = np.dtype(f"u{self.bits_allocated // 8}"), np.dtype(f"i{self.bits_allocated // 8}")
        kind = signed if self.is_signed else unsigned
        bits = raw.view(unsigned) if raw.dtype.itemsize == unsigned.itemsize else raw.astype(unsigned)
        unused, above = self.bits_allocated - self.bits_stored, self.bits_allocated - 1 - self.high_bit
        if unused == above and self._is_within(bits.view(kind)):
            return bits.view(kind)
        return (bits << above).view(kind) >> unused

    def _is_within(self, values: npt.NDArray[Any]) -> bool:
        """Whether there is nothing to be cut off, as nearly always: asking is far cheaper than cutting."""
        if self.bits_stored == self.bits_allocated:
            return True
        top = 2 ** (self.bits_stored - self.is_signed)
        lowest = -top if self.is_signed else 0
        return bool(values.max() < top and values.min() >= lowest)


def pixel_format(header: Dataset) -> PixelFormat:
    """Read the format; raises InputUnreadable where a number is absent or cannot be."""
    rows, columns = _needed(header, "Rows"), _needed(header, "Columns")
    allocated, stored = _needed(header, "BitsAllocated"), _needed(header, "BitsStored")
    high_bit = whole_number(header, "HighBit")
    found = PixelFormat(
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if high_bit is None else high_bit,
        is_signed=_needed(header, "PixelRepresentation") == 1,
    )
    _require_possible(found)
    _require_grayscale(header)
    return found


def _needed(header: Dataset, keyword: str) -> int:
    found = whole_number(header, keyword)
    if found is None:
        raise InputUnreadable(f"the pixel data cannot be decoded: the instance has no readable {keyword}")
    return found


def _require_possible(found: PixelFormat) -> None:
    if not 0 < found.rows * found.columns <= LARGEST_PIXELS or found.rows < 1:
        raise InputUnreadable(f"the instance says it has {found.rows} x {found.columns} pixels; it cannot be")
    if found.bits_allocated not in (8, 16):
        raise InputUnreadable(f"the instance has {found.bits_allocated} Bits Allocated; 8 and 16 are read")
    if not found.bits_stored <= found.high_bit + 1 <= found.bits_allocated or found.bits_stored < 1:
        raise InputUnreadable(
            f"{found.bits_stored} Bits Stored with High Bit {found.high_bit} do not fit into "
            f"{found.bits_allocated} Bits Allocated"
        )


def _require_grayscale(header: Dataset) -> None:
    samples, photometric = whole_number(header, "SamplesPerPixel"), word(header, "PhotometricInterpretation")
    if samples not in (None, 1) or photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise InputUnreadable(f"the instance is {photometric or 'of no colour space'}; grayscale is read")
