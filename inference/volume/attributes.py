"""Plain numbers and words out of a header, and None where it holds none.

pydicom's own numbers cost ten times as much and warn in the words of the header; a series has three hundred.
"""

import math
from functools import cache
from typing import Any, Literal

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag


def numbers(header: Dataset, keyword: str) -> tuple[float, ...] | None:
    """Every value as a finite float; None where the attribute is absent, empty, or not all numbers."""
    values = _values(header, keyword)
    try:
        found = tuple(float(value) for value in values)
    except (TypeError, ValueError):
        return None
    return found if found and all(map(math.isfinite, found)) else None


def number(header: Dataset, keyword: str) -> float | None:
    """The single finite value; None where there is none, or more than one."""
    found = numbers(header, keyword)
    return found[0] if found is not None and len(found) == 1 else None


def whole_number(header: Dataset, keyword: str) -> int | None:
    """The single value where it is a whole number; None otherwise."""
    element = header.get_item(_tag(keyword))
    if isinstance(element, RawDataElement) and _kind(keyword) == "binary":
        values = _from_bytes(element)
        return values[0] if len(values) == 1 else None
    found = number(header, keyword)
    return int(found) if found is not None and found == int(found) else None


def words(header: Dataset, keyword: str) -> tuple[str, ...]:
    """Every value as text without the spaces around it; empty where there is none."""
    values = [
        value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for value in _values(header, keyword)
    ]
    found = tuple(value.strip(" \0") for value in values)
    return found if any(found) else ()


def word(header: Dataset, keyword: str) -> str:
    """The values as one text; empty where there is none."""
    return "\\".join(words(header, keyword))


def _values(header: Dataset, keyword: str) -> list[Any]:
    element = header.get_item(_tag(keyword))
    if element is None or element.value is None:
        return []
    if not isinstance(element, RawDataElement):
        value = element.value
        return list(value) if isinstance(value, MultiValue | list | tuple) else [value]
    if _kind(keyword) == "binary":
        return _from_bytes(element)
    return element.value.split(b"\\") if element.value else []


def _from_bytes(element: RawDataElement) -> list[int]:
    value, order = element.value or b"", _order(element)
    # Where the VR may be US or SS, the bits are what counts: see PixelFormat.as_stored.
    return [int.from_bytes(value[at : at + 2], order) for at in range(0, len(value) - 1, 2)]


def _order(element: RawDataElement) -> Literal["little", "big"]:
    return "little" if element.is_little_endian else "big"


@cache
def _tag(keyword: str) -> BaseTag:
    return Tag(keyword)


@cache
def _kind(keyword: str) -> Literal["binary", "text"]:
    return "binary" if dictionary_VR(_tag(keyword)) in ("US", "SS", "US or SS") else "text"
