"""Elements in Explicit VR Little Endian as bytes (PS3.5 section 7.1.2), where objects for each would cost too much.

A segmentation of twenty organs has thousands of frames, each with a dozen elements that differ in three.
"""

from collections.abc import Iterable
from struct import Struct

from pydicom.tag import Tag

_SHORT, _LONG, _LENGTH = Struct("<HH2sH"), Struct("<HH2sHI"), Struct("<HHI")
_ITEM = (0xFFFE, 0xE000)


def text(keyword: str, vr: str, value: str) -> bytes:
    """An element whose value is ASCII text; UI is padded with a NUL, the others with a space."""
    content = value.encode("ascii")
    padding = b"\0" if vr == "UI" else b" "
    return _short(keyword, vr, content + padding * (len(content) % 2))


def unsigned_short(keyword: str, value: int) -> bytes:
    """An element with one US."""
    return _short(keyword, "US", value.to_bytes(2, "little"))


def unsigned_long(keyword: str, values: Iterable[int]) -> bytes:
    """An element of UL."""
    return _short(keyword, "UL", b"".join(value.to_bytes(4, "little") for value in values))


def sequence(keyword: str, items: Iterable[bytes]) -> bytes:
    """A sequence of defined length; each item is its elements, joined in the order of their tags."""
    content = b"".join(_LENGTH.pack(*_ITEM, len(item)) + item for item in items)
    return long_head(keyword, "SQ", len(content)) + content


def long_head(keyword: str, vr: str, length: int) -> bytes:
    """What stands before the value of an element with a length of 32 bits."""
    tag = Tag(keyword)
    return _LONG.pack(tag.group, tag.element, vr.encode(), 0, length)


def _short(keyword: str, vr: str, content: bytes) -> bytes:
    tag = Tag(keyword)
    return _SHORT.pack(tag.group, tag.element, vr.encode(), len(content)) + content
