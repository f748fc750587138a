"""The File Meta Information before each data set we keep (PS3.10 section 7.1)."""

import struct
from pathlib import Path

from dicom_node.errors import InstanceInvalid

IMPLEMENTATION_CLASS_UID = "2.25.197366286236262349410443389274127113203"
IMPLEMENTATION_VERSION_NAME = "DICOM_NODE"

_PREAMBLE = bytes(128) + b"DICM"
_GROUP_LENGTH = struct.Struct("<HH2sHI")
_BEGINNING_BYTES = len(_PREAMBLE) + _GROUP_LENGTH.size
_TRANSFER_SYNTAX_UID, _SENDING_AE_TITLE = 0x0010, 0x0017
_ELEMENT = struct.Struct("<HH2sH")


def file_meta(
    *, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, sending_ae_title: str
) -> bytes:
    """Preamble, prefix and group 0002, encoded: what stands before the data set in the file.

    With the data set it says all that the ledger is to remember of an instance, should its row be missing.
    """
    group = b"".join(
        (
            _GROUP_LENGTH.pack(2, 0x0001, b"OB", 0, 2) + b"\0\1",
            _element(0x0002, b"UI", sop_class_uid),
            _element(0x0003, b"UI", sop_instance_uid),
            _element(_TRANSFER_SYNTAX_UID, b"UI", transfer_syntax_uid),
            _element(0x0012, b"UI", IMPLEMENTATION_CLASS_UID),
            _element(0x0013, b"SH", IMPLEMENTATION_VERSION_NAME),
            _element(_SENDING_AE_TITLE, b"AE", sending_ae_title),
        )
    )
    return _PREAMBLE + _GROUP_LENGTH.pack(2, 0x0000, b"UL", 4, len(group)) + group


class KeptFile:
    """One of our own files: the meta in front of it, and where its data set begins. Raises InstanceInvalid."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING_BYTES)
            if len(beginning) < _BEGINNING_BYTES or not beginning.startswith(_PREAMBLE):
                raise InstanceInvalid("the file is not one this node wrote")
            length = _GROUP_LENGTH.unpack_from(beginning, len(_PREAMBLE))[-1]
            elements = _elements(file.read(length))
        self.data_set_at = _BEGINNING_BYTES + length
        self.transfer_syntax_uid = elements.get(_TRANSFER_SYNTAX_UID, "")
        self.sending_ae_title = elements.get(_SENDING_AE_TITLE, "")

    def read(self, size: int) -> bytes:
        """The first ``size`` bytes of its data set."""
        with self.path.open("rb") as file:
            file.seek(self.data_set_at)
            return file.read(size)

    def has_content_of(self, other: "KeptFile") -> bool:
        """Whether both are the same data set in the same transfer syntax, whoever sent them."""
        return self.transfer_syntax_uid == other.transfer_syntax_uid and self._equals(other)

    def _equals(self, other: "KeptFile", piece_bytes: int = 1 << 20) -> bool:
        with self.path.open("rb") as mine, other.path.open("rb") as theirs:
            mine.seek(self.data_set_at)
            theirs.seek(other.data_set_at)
            while (piece := mine.read(piece_bytes)) == theirs.read(piece_bytes):
                if not piece:
                    return True
        return False


def _element(element: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii", "replace")
    if len(value) % 2:
        value += b"\0" if vr == b"UI" else b" "
    return _ELEMENT.pack(2, element, vr, len(value)) + value


def _elements(group: bytes) -> dict[int, str]:
    """Element -> value for those of a short length, as all but the version are."""
    elements: dict[int, str] = {}
    position = _GROUP_LENGTH.size + 2  # File Meta Information Version
    while position + _ELEMENT.size <= len(group):
        _, element, _, length = _ELEMENT.unpack_from(group, position)
        position += _ELEMENT.size
        elements[element] = group[position : position + length].decode("ascii", "replace").rstrip("\0 ")
        position += length
    return elements
