"""The File Meta Information before each data set we keep (PS3.10 section 7.1)."""

import struct

IMPLEMENTATION_CLASS_UID = "2.25.197366286236262349410443389274127113203"
IMPLEMENTATION_VERSION_NAME = "DICOM_NODE"


def file_meta(*, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Preamble, prefix and group 0002, encoded: what stands before the data set in the file.

    The same for the same UIDs, so that two files of one instance can be compared byte for byte.
    """
    group = b"".join(
        (
            struct.pack("<HH2sHI", 2, 0x0001, b"OB", 0, 2) + b"\0\1",
            _element(0x0002, b"UI", sop_class_uid),
            _element(0x0003, b"UI", sop_instance_uid),
            _element(0x0010, b"UI", transfer_syntax_uid),
            _element(0x0012, b"UI", IMPLEMENTATION_CLASS_UID),
            _element(0x0013, b"SH", IMPLEMENTATION_VERSION_NAME),
        )
    )
    return bytes(128) + b"DICM" + struct.pack("<HH2sHI", 2, 0x0000, b"UL", 4, len(group)) + group


def _element(element: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii", "replace")
    if len(value) % 2:
        value += b"\0" if vr == b"UI" else b" "
    return struct.pack("<HH2sH", 2, element, vr, len(value)) + value
