"""Instances by hand, small and exactly known: each element of their data set can be made wrong."""

import itertools
import struct
import zlib
from dataclasses import dataclass, replace

from tests.neighbours.peer import BIG_ENDIAN, CT_IMAGE, DEFLATED, EXPLICIT, IMPLICIT, padded

PATIENT = b"Doe^Canary"
LONG_VR = {b"OB", b"OW", b"SQ", b"UN", b"UT"}
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """What a C-STORE carries. UIDs as their bytes: they may be none."""

    sop_class_uid: bytes = CT_IMAGE.encode()
    sop_instance_uid: bytes
    study_instance_uid: bytes = b"2.25.4711"
    series_instance_uid: bytes = b"2.25.4711.1"
    pixels: bytes = bytes(2048)
    before_series: bytes = b""
    """Elements of a group below 0020, already encoded."""
    transfer_syntax_uid: str = EXPLICIT

    @property
    def data_set(self) -> bytes:
        """The encoded data set."""
        syntax = self.transfer_syntax_uid
        whole = b"".join(
            (
                element(0x00080016, b"UI", padded(self.sop_class_uid), syntax),
                element(0x00080018, b"UI", padded(self.sop_instance_uid), syntax),
                element(0x00100010, b"PN", PATIENT, syntax),
                self.before_series,
                element(0x0020000D, b"UI", padded(self.study_instance_uid), syntax),
                element(0x0020000E, b"UI", padded(self.series_instance_uid), syntax),
                element(0x7FE00010, b"OW", self.pixels, syntax),
            )
        )
        return deflated(whole) if syntax == DEFLATED else whole

    def but(self, **changes: bytes | str) -> "Instance":
        """The same, except for ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]


def new_instance(**what: bytes | str) -> Instance:
    """A sound instance that nobody has seen."""
    return Instance(sop_instance_uid=b"2.25.4711.1.%d" % next(_numbers)).but(**what)


def element(tag: int, vr: bytes, value: bytes, syntax: str = EXPLICIT, *, length: int | None = None) -> bytes:
    """An encoded data element; ``length`` is what it claims, where that is not the truth."""
    order = ">" if syntax == BIG_ENDIAN else "<"
    claimed = len(value) if length is None else length
    group_and_element = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT or tag >> 16 == 0xFFFE:
        return group_and_element + struct.pack(order + "I", claimed) + value
    if vr in LONG_VR:
        return group_and_element + vr + struct.pack(order + "2xI", claimed) + value
    return group_and_element + vr + struct.pack(order + "H", claimed & 0xFFFF) + value


def nested(
    depth: int, syntax: str = EXPLICIT, *, is_length_known: bool = False, tag: int = 0x00189346
) -> bytes:
    """A sequence in a sequence in a sequence, ``depth`` of them."""
    inner = b""
    for _ in range(depth):
        if is_length_known:
            inner = element(tag, b"SQ", element(0xFFFEE000, b"", inner, syntax), syntax)
            continue
        opened = element(tag, b"SQ", b"", syntax, length=0xFFFFFFFF)
        opened += element(0xFFFEE000, b"", b"", syntax, length=0xFFFFFFFF)
        inner = opened + inner + element(0xFFFEE00D, b"", b"", syntax) + element(0xFFFEE0DD, b"", b"", syntax)
    return inner


def deflated(data_set: bytes) -> bytes:
    """Deflated Explicit VR Little Endian, padded (PS3.5 section A.5)."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(data_set) + packer.flush()
    return packed + b"\0" * (len(packed) % 2)
