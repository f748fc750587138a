"""The UIDs in the header of a data set, found by walking its elements: no values are decoded, nothing recurses.

pydicom does the same and much more; it takes ten times as long, for each instance, and its time is the door's.
"""

import struct
from collections.abc import Callable
from functools import cache

from pydicom.uid import UID, ImplicitVRLittleEndian

SERIES_INSTANCE_UID = 0x0020000E
WANTED = {
    0x00080016: "SOPClassUID",
    0x00080018: "SOPInstanceUID",
    0x0020000D: "StudyInstanceUID",
    SERIES_INSTANCE_UID: "SeriesInstanceUID",
}
DEEPEST_NESTING = 64

_LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_UNDEFINED = 0xFFFFFFFF
_ITEM, _END_OF_ITEM, _END_OF_SEQUENCE = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD

_Element = tuple[int, bytes, int, int]
"""Tag, VR (empty where implicit), length, and where the value begins."""
_Read = Callable[[bytes | memoryview, int], _Element]


class HeaderCut(Exception):
    """The bytes end before the header does; more of them are needed."""


class HeaderBroken(Exception):
    """The bytes are no data set in this transfer syntax; the message says why."""


def find_uids(data: bytes | memoryview, transfer_syntax_uid: str) -> dict[str, str]:
    """Keyword -> UID for those of WANTED that ``data`` holds; read no further than Series Instance UID.

    ``data`` is the beginning of a data set that is not deflated. Raises HeaderCut or HeaderBroken.
    """
    next_element = _reader(transfer_syntax_uid)
    found: dict[str, str] = {}
    position = 0
    last = -1
    while position < len(data):
        tag, vr, length, start = next_element(data, position)
        if tag <= last:
            raise HeaderBroken("its elements are not in order")
        last = tag
        if tag > SERIES_INSTANCE_UID:
            break
        position = start + length if length != _UNDEFINED else _after(next_element, data, vr, start)
        if tag in WANTED:
            if position > len(data):
                raise HeaderCut
            found[WANTED[tag]] = bytes(data[start:position]).rstrip(b"\0 ").decode("ascii", "replace")
    else:
        if last < SERIES_INSTANCE_UID:
            raise HeaderCut
    return found


@cache
def _reader(transfer_syntax_uid: str) -> _Read:
    """Made once for each transfer syntax the door accepts."""
    syntax = UID(transfer_syntax_uid)
    order = "<" if syntax.is_little_endian else ">"
    tag_at = struct.Struct(order + "HH").unpack_from
    short_at, long_at = struct.Struct(order + "H").unpack_from, struct.Struct(order + "I").unpack_from
    is_implicit = syntax.is_implicit_VR

    def read(data: bytes | memoryview, position: int) -> _Element:
        try:
            group, element = tag_at(data, position)
            tag = group << 16 | element
            if is_implicit or group == 0xFFFE:
                return tag, b"", long_at(data, position + 4)[0], position + 8
            vr = bytes(data[position + 4 : position + 6])
            if vr in _LONG:
                return tag, vr, long_at(data, position + 8)[0], position + 12
            if not vr.isalpha() and len(vr) == 2:
                raise HeaderBroken("an element has no value representation")
            return tag, vr, short_at(data, position + 6)[0], position + 8
        except struct.error:
            raise HeaderCut from None

    return read


def _after(read: _Read, data: bytes | memoryview, vr: bytes, start: int) -> int:
    """Where the next element begins after a sequence of undefined length, which is walked to its end.

    One whose VR nobody knew (UN) is implicit little endian within, whatever is around it (PS3.5 section 6.2.2).
    """
    if vr not in (b"", b"SQ", b"UN"):
        raise HeaderBroken("a value other than a sequence has no length")
    read_unknown = _reader(ImplicitVRLittleEndian)
    position = start
    open_ones = [read_unknown if vr == b"UN" else read]
    while open_ones:
        tag, vr, length, position = open_ones[-1](data, position)
        if tag in (_END_OF_ITEM, _END_OF_SEQUENCE):
            open_ones.pop()
        elif length == _UNDEFINED:
            open_ones.append(read_unknown if vr == b"UN" else open_ones[-1])
        else:
            position += length
        if len(open_ones) > 2 * DEEPEST_NESTING:
            raise HeaderBroken("its sequences are nested too deep")
    return position
