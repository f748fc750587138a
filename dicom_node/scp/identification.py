"""Who an instance is: the UIDs in its data set, read no further than needed, believed only when checked."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.filereader import read_dataset
from pydicom.tag import Tag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from dicom_node.errors import InstanceInvalid
from dicom_node.scp.status import Status
from dicom_node.spool.layout import is_uid

SERIES_INSTANCE_UID = 0x0020000E
LARGEST_HEADER_BYTES = 1 << 20
_WANTED = {
    keyword: Tag(keyword)
    for keyword in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The four UIDs that say what an instance is and where it belongs."""

    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str


class Unacceptable(InstanceInvalid):
    """The instance cannot be stored; ``status`` is what the peer is answered."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


def identify(
    data_set: bytes, transfer_syntax_uid: str, *, sop_class_uid: str, sop_instance_uid: str
) -> Identity:
    """Read the data set's header through Series Instance UID and hold it against the C-STORE command.

    ``data_set`` is encoded in ``transfer_syntax_uid``; the other two are the command's Affected UIDs.
    Raises Unacceptable: C000 when it cannot be read or a UID is missing, A900 when a UID is malformed
    or is not what the command says (PS3.4 B.2.3).
    """
    uids = _read_uids(data_set, UID(transfer_syntax_uid))
    for keyword, uid in uids.items():
        if not uid:
            raise Unacceptable(Status.CANNOT_UNDERSTAND, f"the data set has no {keyword}")
        if not is_uid(uid):
            raise Unacceptable(Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, f"{keyword} is no UID")
    if (uids["SOPClassUID"], uids["SOPInstanceUID"]) != (sop_class_uid, sop_instance_uid):
        raise Unacceptable(
            Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS,
            "command and data set name different SOP classes or instances",
        )
    return Identity(
        sop_class_uid=sop_class_uid,
        sop_instance_uid=sop_instance_uid,
        study_instance_uid=uids["StudyInstanceUID"],
        series_instance_uid=uids["SeriesInstanceUID"],
    )


def _read_uids(data_set: bytes, syntax: UID) -> dict[str, str]:
    """The wanted UIDs as text, empty where there is none. pydicom decodes a value only when asked for it."""
    try:
        header = _read_header(data_set, syntax)
        return {keyword: _text(header, keyword) for keyword in _WANTED}
    except RecursionError:
        raise Unacceptable(Status.CANNOT_UNDERSTAND, "sequences are nested too deep") from None
    except (
        EOFError,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        NotImplementedError,
        BytesLengthException,
        struct.error,
        zlib.error,
    ):
        raise Unacceptable(Status.CANNOT_UNDERSTAND, "the data set's header cannot be read") from None


def _read_header(data_set: bytes, syntax: UID) -> Dataset:
    if syntax == DeflatedExplicitVRLittleEndian:
        # Bounded: a megabyte on the wire may inflate to a gigabyte.
        data_set = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data_set, LARGEST_HEADER_BYTES)
    return read_dataset(
        BytesIO(data_set),
        syntax.is_implicit_VR,
        syntax.is_little_endian,
        stop_when=lambda tag, _vr, _length: tag > SERIES_INSTANCE_UID,
        specific_tags=list(_WANTED.values()),
    )


def _text(header: Dataset, keyword: str) -> str:
    if keyword not in header:
        return ""
    raw = header.get_item(keyword)
    if isinstance(raw, RawDataElement) and len(raw.value or b"") < raw.length:
        raise EOFError(f"the data set ends within {keyword}")  # what is left of it would pass for a UID
    return str(header[keyword].value or "")
