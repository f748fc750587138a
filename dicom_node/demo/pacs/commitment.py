"""What the stand-in PACS answers to a storage commitment request (PS3.4 Annex J), without I/O."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from dicom_node.demo.pacs.header import text_of
from dicom_node.demo.pacs.instance import HeldInstance, is_valid_uid

REQUEST_STORAGE_COMMITMENT: Final = 1
"""Action Type ID (PS3.4 J.3.2)."""
WELL_KNOWN_INSTANCE_UID: Final = "1.2.840.10008.1.20.1.1"
"""The SOP instance all requests and reports name (PS3.4 J.3.5)."""

_ALL_COMMITTED: Final = 1  # Event Type IDs, PS3.4 J.3.3
_FAILURES_EXIST: Final = 2
_NO_SUCH_INSTANCE: Final = 0x0112  # Failure Reasons, PS3.3 C.14.1.1
_CLASS_INSTANCE_CONFLICT: Final = 0x0119


class RequestRefused(ValueError):
    """The N-ACTION is no storage commitment request; `status` is the answer to it (PS3.7 10.1.4.1.10)."""

    def __init__(self, status: int) -> None:
        """Refuse with an N-ACTION status such as 0x0123, no such action."""
        super().__init__(f"0x{status:04X}")
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One instance of a request; `failure_reason` is None when it is committed."""

    sop_class_uid: str
    sop_instance_uid: str
    failure_reason: int | None


@dataclass(frozen=True, kw_only=True)
class CommitmentReport:
    """The outcome of one request: every instance it named, committed or with a reason."""

    transaction_uid: str
    references: tuple[Reference, ...]

    @property
    def event_type_id(self) -> int:
        """1 when all instances are committed, 2 when at least one is not."""
        return _FAILURES_EXIST if any(one.failure_reason for one in self.references) else _ALL_COMMITTED

    def to_dataset(self) -> Dataset:
        """Return the Event Information of the N-EVENT-REPORT (PS3.4 Table J.3-2)."""
        committed = [_item(one) for one in self.references if one.failure_reason is None]
        failed = [_item(one) for one in self.references if one.failure_reason is not None]
        information = Dataset()
        information.TransactionUID = self.transaction_uid
        if committed:
            information.ReferencedSOPSequence = committed
        if failed:
            information.FailedSOPSequence = failed
        return information


def check_action(*, action_type_id: int | None, sop_instance_uid: str) -> None:
    """Raise RequestRefused unless this is Request Storage Commitment on the well-known instance."""
    if action_type_id != REQUEST_STORAGE_COMMITMENT:
        raise RequestRefused(0x0123)
    if sop_instance_uid != WELL_KNOWN_INSTANCE_UID:
        raise RequestRefused(0x0112)


def assess_commitment(
    information: Dataset, holding: Callable[[str], HeldInstance | None]
) -> CommitmentReport:
    """Decide which instances of the request are committed: those `holding` finds, with the class named.

    `information` is the Action Information (PS3.4 Table J.3-1).
    Raises RequestRefused (0x0115, invalid argument value) without a Transaction UID or without references.
    """
    transaction_uid = text_of(information, "TransactionUID")
    items = information.get("ReferencedSOPSequence") or []
    if not is_valid_uid(transaction_uid) or not items:
        raise RequestRefused(0x0115)
    return CommitmentReport(
        transaction_uid=transaction_uid,
        references=tuple(_assessed(item, holding) for item in items),
    )


def _assessed(item: Dataset, holding: Callable[[str], HeldInstance | None]) -> Reference:
    sop_class_uid = text_of(item, "ReferencedSOPClassUID")
    sop_instance_uid = text_of(item, "ReferencedSOPInstanceUID")
    if not (is_valid_uid(sop_class_uid) and is_valid_uid(sop_instance_uid)):
        raise RequestRefused(0x0115)
    return Reference(
        sop_class_uid=sop_class_uid,
        sop_instance_uid=sop_instance_uid,
        failure_reason=_failure_reason(sop_class_uid, holding(sop_instance_uid)),
    )


def _failure_reason(sop_class_uid: str, held: HeldInstance | None) -> int | None:
    if held is None:
        return _NO_SUCH_INSTANCE
    return None if held.sop_class_uid == sop_class_uid else _CLASS_INSTANCE_CONFLICT


def _item(reference: Reference) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = reference.sop_class_uid
    item.ReferencedSOPInstanceUID = reference.sop_instance_uid
    if reference.failure_reason is not None:
        item.FailureReason = reference.failure_reason
    return item
