"""What the gate needs to know of an image before a pixel of it is decoded."""

from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset

from inference.errors import InputUnreadable


@dataclass(frozen=True, kw_only=True)
class Header:
    """The Image Pixel and Multi-frame attributes (PS3.3 C.7.6.3, C.7.6.6) that decide what can be read."""

    sop_class_uid: str
    rows: int
    columns: int
    frames: int
    samples_per_pixel: int
    bits_allocated: int
    photometric_interpretation: str
    has_pixels: bool


def read_header(instance: Dataset) -> Header:
    """Read the header; raises InputUnreadable where Rows or another needed number is absent or none."""
    return Header(
        sop_class_uid=str(instance.SOPClassUID),
        rows=_number(instance, "Rows"),
        columns=_number(instance, "Columns"),
        frames=_number(instance, "NumberOfFrames", absent=1),
        samples_per_pixel=_number(instance, "SamplesPerPixel", absent=1),
        bits_allocated=_number(instance, "BitsAllocated"),
        photometric_interpretation=str(instance.get("PhotometricInterpretation") or ""),
        has_pixels="PixelData" in instance,
    )


def _number(instance: Dataset, keyword: str, absent: int | None = None) -> int:
    value: Any = instance.get(keyword)
    if value in (None, "") and absent is not None:
        return absent
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InputUnreadable(f"the instance has no readable {keyword}") from None
