"""An N-ACTION request for storage commitment, held against the Standard (PS3.4 J.3.2, PS3.7 10.1.4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pydicom import Dataset
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.ledger.commitments import Reference
from dicom_node.spool.layout import is_uid
from dicom_node.unreadable import UNREADABLE

WELL_KNOWN_INSTANCE_UID = "1.2.840.10008.1.20.1.1"
"""The SOP instance all requests and reports name (PS3.4 J.3.5)."""

REQUEST_STORAGE_COMMITMENT = 1
"""Action Type ID (PS3.4 J.3.2)."""

REFERENCES_AT_MOST = 10_000
"""One request may name so many instances: twice the largest studies of today."""


class ActionStatus(IntEnum):
    """Status (0000,0900) of an N-ACTION-RSP (PS3.7 10.1.4.1.10)."""

    SUCCESS = 0x0000
    PROCESSING_FAILURE = 0x0110
    NO_SUCH_SOP_INSTANCE = 0x0112
    INVALID_ARGUMENT_VALUE = 0x0115
    NO_SUCH_SOP_CLASS = 0x0118
    NO_SUCH_ACTION = 0x0123
    RESOURCE_LIMITATION = 0x0213


class RequestRefused(Exception):
    """The N-ACTION is answered with ``status``; the message says why."""

    def __init__(self, status: ActionStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class CommitmentRequest:
    """The Action Information (PS3.4 table J.3-1), checked; no instance is named twice."""

    transaction_uid: str
    references: tuple[Reference, ...]


def read_request(
    *,
    sop_class_uid: str | None,
    sop_instance_uid: str | None,
    action_type_id: int | None,
    information: Callable[[], Dataset],
) -> CommitmentRequest:
    """The request, where it is one; ``information`` decodes its data set. Raises RequestRefused."""
    if sop_class_uid != StorageCommitmentPushModel:
        raise RequestRefused(
            ActionStatus.NO_SUCH_SOP_CLASS, "its SOP class is not that of storage commitment"
        )
    if sop_instance_uid != WELL_KNOWN_INSTANCE_UID:
        raise RequestRefused(
            ActionStatus.NO_SUCH_SOP_INSTANCE, "it names another than the well-known instance"
        )
    if action_type_id != REQUEST_STORAGE_COMMITMENT:
        raise RequestRefused(ActionStatus.NO_SUCH_ACTION, "its Action Type ID is not 1")
    try:
        return _read(information())
    except UNREADABLE as error:
        raise _invalid(f"its data set cannot be read ({type(error).__name__})") from None


def _read(information: Dataset) -> CommitmentRequest:
    transaction_uid = _text(information, "TransactionUID")
    if not is_uid(transaction_uid):
        raise _invalid("its Transaction UID is missing or no UID")
    items = information.get("ReferencedSOPSequence")
    if not items:
        raise _invalid("it names no instances")
    if len(items) > REFERENCES_AT_MOST:
        message = f"it names {len(items)} instances, and {REFERENCES_AT_MOST} are the limit"
        raise RequestRefused(ActionStatus.RESOURCE_LIMITATION, message)
    return CommitmentRequest(
        transaction_uid=transaction_uid, references=tuple(dict.fromkeys(_references(items)))
    )


def _references(items: Any) -> Iterator[Reference]:
    for item in items:
        reference = Reference(
            sop_class_uid=_text(item, "ReferencedSOPClassUID"),
            sop_instance_uid=_text(item, "ReferencedSOPInstanceUID"),
        )
        if not (is_uid(reference.sop_class_uid) and is_uid(reference.sop_instance_uid)):
            raise _invalid("a reference has no SOP class or instance, or one that is no UID")
        yield reference


def _text(data_set: Dataset, keyword: str) -> str:
    return str(data_set.get(keyword) or "").rstrip("\0 ")


def _invalid(message: str) -> RequestRefused:
    return RequestRefused(ActionStatus.INVALID_ARGUMENT_VALUE, message)
