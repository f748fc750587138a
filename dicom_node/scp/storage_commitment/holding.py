"""Whether we hold an instance: proven by its row and its file, never taken for granted.

A modality deletes what we promise to hold.
"""

import logging
import struct
from collections.abc import Collection, Sequence
from pathlib import Path

from dicom_node.ledger import Ledger, commitments
from dicom_node.ledger.commitments import Reference
from dicom_node.ledger.instances import Instance
from dicom_node.scp.storage_commitment.report import FailureReason
from dicom_node.spool import DiskSpool
from dicom_node.spool.layout import quarantine_key

logger = logging.getLogger(__name__)

HEAD_BYTES = 512
"""Preamble, prefix, and of group 0002 more than its third element."""


def why_not_held(
    references: Sequence[Reference], *, ledger: Ledger, spool: DiskSpool, sop_classes: Collection[str]
) -> dict[Reference, FailureReason]:
    """Those of ``references`` that we cannot answer for. ``sop_classes`` are what the door takes.

    Raises LedgerAway.
    """
    with ledger.snapshot() as tx:
        rows = commitments.held(tx, [each.sop_instance_uid for each in references])
    found = {}
    for each in references:
        reason = _reason(each, rows.get(each.sop_instance_uid), spool, sop_classes)
        if reason is not None:
            found[each] = reason
    return found


def _reason(
    reference: Reference, row: Instance | None, spool: DiskSpool, sop_classes: Collection[str]
) -> FailureReason | None:
    if row is None:
        is_known = reference.sop_class_uid in sop_classes
        return (
            FailureReason.NO_SUCH_OBJECT_INSTANCE
            if is_known
            else FailureReason.REFERENCED_SOP_CLASS_NOT_SUPPORTED
        )
    if row.sop_class_uid != reference.sop_class_uid:
        return FailureReason.CLASS_INSTANCE_CONFLICT
    if _is_disputed(row, spool):
        return FailureReason.PROCESSING_FAILURE
    return _fault_of_file(row, spool.path(row.key))


def _is_disputed(row: Instance, spool: DiskSpool) -> bool:
    """Other content came under its UID: nobody can say which of the two the requester would delete."""
    return spool.path(quarantine_key(sop_instance_uid=row.sop_instance_uid, name="any")).parent.is_dir()


def _fault_of_file(row: Instance, path: Path) -> FailureReason | None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        logger.error("the file of instance %s is gone from the spool", row.sop_instance_uid)
        return FailureReason.NO_SUCH_OBJECT_INSTANCE
    except OSError as error:
        logger.error("the file of instance %s cannot be read: %s", row.sop_instance_uid, error.strerror)
        return FailureReason.PROCESSING_FAILURE
    if size != row.size_bytes or _media_storage_sop_instance_uid(row.sop_instance_uid) not in head:
        logger.error("the file of instance %s is not what was received", row.sop_instance_uid)
        return FailureReason.PROCESSING_FAILURE
    return None


def _media_storage_sop_instance_uid(sop_instance_uid: str) -> bytes:
    """Element (0002,0003) as our files have it (PS3.10 section 7.1)."""
    value = sop_instance_uid.encode("ascii")
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HH2sH", 0x0002, 0x0003, b"UI", len(value)) + value
