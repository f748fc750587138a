"""Who an instance is: the UIDs in its data set, read no further than needed, believed only when checked."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from dicom_node.errors import InstanceInvalid
from dicom_node.scp.header import WANTED, HeaderBroken, HeaderCut, find_uids
from dicom_node.scp.status import Status
from dicom_node.spool.layout import is_uid

USUAL_HEADER_BYTES = 16 << 10
LARGEST_HEADER_BYTES = 1 << 20


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
    read: Callable[[int], bytes], transfer_syntax_uid: str, *, sop_class_uid: str, sop_instance_uid: str
) -> Identity:
    """``read_identity``, held against the Affected UIDs of the C-STORE command.

    Raises Unacceptable also where they differ: A900 (PS3.4 B.2.3).
    """
    identity = read_identity(read, transfer_syntax_uid)
    if (identity.sop_class_uid, identity.sop_instance_uid) != (sop_class_uid, sop_instance_uid):
        raise Unacceptable(
            Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS,
            "command and data set name different SOP classes or instances",
        )
    return identity


def read_identity(read: Callable[[int], bytes], transfer_syntax_uid: str) -> Identity:
    """Read the data set's header through Series Instance UID.

    ``read`` gives the first so many bytes of the data set, encoded in ``transfer_syntax_uid``. Raises
    Unacceptable: C000 when it cannot be read or a UID is missing, A900 when a UID is malformed.
    """
    uids = _read_uids(read(USUAL_HEADER_BYTES), read, transfer_syntax_uid)
    for keyword in WANTED.values():
        if not uids.get(keyword):
            raise Unacceptable(Status.CANNOT_UNDERSTAND, f"the data set has no {keyword}")
        if not is_uid(uids[keyword]):
            raise Unacceptable(Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, f"{keyword} is no UID")
    return Identity(
        sop_class_uid=uids["SOPClassUID"],
        sop_instance_uid=uids["SOPInstanceUID"],
        study_instance_uid=uids["StudyInstanceUID"],
        series_instance_uid=uids["SeriesInstanceUID"],
    )


def _read_uids(head: bytes, read: Callable[[int], bytes], transfer_syntax_uid: str) -> dict[str, str]:
    try:
        return _find(head, transfer_syntax_uid)
    except HeaderBroken as error:
        raise Unacceptable(
            Status.CANNOT_UNDERSTAND, f"the data set's header cannot be read: {error}"
        ) from None
    except (HeaderCut, zlib.error):
        whole = read(LARGEST_HEADER_BYTES)
        if len(whole) > len(head):
            return _read_uids(whole, read, transfer_syntax_uid)
        raise Unacceptable(Status.CANNOT_UNDERSTAND, "the data set ends within its header") from None


def _find(head: bytes, transfer_syntax_uid: str) -> dict[str, str]:
    if transfer_syntax_uid != DeflatedExplicitVRLittleEndian:
        return find_uids(head, _form(head, transfer_syntax_uid))
    # Bounded: a megabyte on the wire may inflate to a gigabyte.
    inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, LARGEST_HEADER_BYTES)
    return find_uids(inflated, _form(inflated, ExplicitVRLittleEndian))


def _form(head: bytes, transfer_syntax_uid: str) -> str:
    """Some senders name an explicit syntax and send the implicit form; readers take it, and so do we."""
    begins_with_vr = head[4:6].isalpha()
    if begins_with_vr or transfer_syntax_uid in (ImplicitVRLittleEndian, ExplicitVRBigEndian):
        return transfer_syntax_uid
    return ImplicitVRLittleEndian
