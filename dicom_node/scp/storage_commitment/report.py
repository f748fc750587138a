"""What a modality is told: each instance it asked about, held or not, and why not (PS3.4 J.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from pydicom import Dataset

from dicom_node.ledger.commitments import Owed, Reference


class EventType(IntEnum):
    """Event Type ID (PS3.4 table J.3-2)."""

    ALL_HELD = 1
    FAILURES_EXIST = 2


class FailureReason(IntEnum):
    """Failure Reason (0008,1197) (PS3.3 C.14.1.1)."""

    PROCESSING_FAILURE = 0x0110
    NO_SUCH_OBJECT_INSTANCE = 0x0112
    CLASS_INSTANCE_CONFLICT = 0x0119
    REFERENCED_SOP_CLASS_NOT_SUPPORTED = 0x0122
    DUPLICATE_TRANSACTION_UID = 0x0131


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of one request: which instances are ``held``, and which are not, with the reason."""

    transaction_uid: str
    held: tuple[Reference, ...]
    failed: tuple[tuple[Reference, FailureReason], ...]

    @property
    def event_type(self) -> EventType:
        """Whether all is well."""
        return EventType.FAILURES_EXIST if self.failed else EventType.ALL_HELD

    @property
    def detail(self) -> str:
        """In figures, for people."""
        reasons = [reason for _, reason in self.failed]
        counted = [f"{reasons.count(each)} × 0x{each:04X}" for each in FailureReason if each in reasons]
        return f"{len(self.held)} held" + (f", not held: {', '.join(counted)}" if counted else "")

    def event_information(self) -> Dataset:
        """The data set of the N-EVENT-REPORT (PS3.4 table J.3-2)."""
        information = Dataset()
        information.TransactionUID = self.transaction_uid
        if self.held:
            information.ReferencedSOPSequence = [_item(each) for each in self.held]
        if self.failed:
            information.FailedSOPSequence = [_item(each, reason) for each, reason in self.failed]
        return information


def report_on(owed: Owed, why_not_held: Mapping[Reference, FailureReason]) -> Report:
    """The report on a request; of a duplicate Transaction UID nothing is promised."""
    refused = dict.fromkeys(owed.references, FailureReason.DUPLICATE_TRANSACTION_UID)
    why_not = refused if owed.is_duplicate else why_not_held
    return Report(
        transaction_uid=owed.transaction_uid,
        held=tuple(each for each in owed.references if each not in why_not),
        failed=tuple((each, why_not[each]) for each in owed.references if each in why_not),
    )


def _item(reference: Reference, reason: FailureReason | None = None) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = reference.sop_class_uid
    item.ReferencedSOPInstanceUID = reference.sop_instance_uid
    if reason is not None:
        item.FailureReason = int(reason)
    return item
