"""What the stand-in PACS does with each request: decide elsewhere, act here, and answer with a DIMSE status."""

import logging
from collections.abc import Iterator
from typing import Final

from pydicom.dataset import Dataset
from pynetdicom.events import Event

from dicom_node.demo.pacs.archive import PacsArchive, UidMismatch
from dicom_node.demo.pacs.commitment import RequestRefused, assess_commitment, check_action
from dicom_node.demo.pacs.commitment_reporter import CommitmentReporter
from dicom_node.demo.pacs.instance import NotAnInstance
from dicom_node.demo.pacs.query import QueryRefused, answer_query
from dicom_node.unreadable import UNREADABLE

logger = logging.getLogger(__name__)

SUCCESS: Final = 0x0000
_CANCEL: Final = 0xFE00  # PS3.4 C.4.1.1.4
_OUT_OF_RESOURCES: Final = 0xA700  # PS3.4 B.2.3
_DOES_NOT_MATCH_SOP_CLASS: Final = 0xA900  # PS3.4 B.2.3 and C.4.1.1.4
_CANNOT_UNDERSTAND: Final = 0xC000  # PS3.4 B.2.3 and C.4.1.1.4
_PROCESSING_FAILURE: Final = 0x0110  # PS3.7 C.5.15


def on_c_store(event: Event, archive: PacsArchive) -> int:
    """Keep the instance as it came; Success only once it is safe on disk."""
    try:
        archive.keep(
            event.encoded_dataset(),
            sop_class_uid=str(event.request.AffectedSOPClassUID),
            sop_instance_uid=str(event.request.AffectedSOPInstanceUID),
        )
    except (UidMismatch, NotAnInstance, OSError) as error:
        logger.warning("refused an instance: %s", error)
        return _store_status(error)
    return SUCCESS


def on_c_find(event: Event, archive: PacsArchive) -> Iterator[tuple[int | Dataset, Dataset | None]]:
    """Yield one pending response per match, and end early when the requester cancels."""
    try:
        answers = answer_query(event.identifier, archive.instances())
    except QueryRefused as refusal:
        yield _with_comment(_DOES_NOT_MATCH_SOP_CLASS, str(refusal)), None
        return
    except UNREADABLE:
        yield _with_comment(_CANNOT_UNDERSTAND, "the identifier cannot be read"), None
        return
    for identifier in answers.identifiers:
        if event.is_cancelled:
            yield _CANCEL, None
            return
        yield answers.status, identifier


def on_n_action(
    event: Event, archive: PacsArchive, reporter: CommitmentReporter
) -> tuple[int, Dataset | None]:
    """Take the storage commitment request, and have it reported once this answer is out."""
    try:
        check_action(
            action_type_id=event.action_type, sop_instance_uid=str(event.request.RequestedSOPInstanceUID)
        )
        report = assess_commitment(event.action_information, archive.holding)
    except RequestRefused as refusal:
        return refusal.status, None
    except UNREADABLE:
        return _PROCESSING_FAILURE, None
    reporter.report_after_answer(event.assoc, report)
    return SUCCESS, None


def _store_status(error: UidMismatch | NotAnInstance | OSError) -> int:
    if isinstance(error, UidMismatch):
        return _DOES_NOT_MATCH_SOP_CLASS
    return _CANNOT_UNDERSTAND if isinstance(error, NotAnInstance) else _OUT_OF_RESOURCES


def _with_comment(status: int, comment: str) -> Dataset:
    refusal = Dataset()
    refusal.Status = status
    refusal.ErrorComment = comment
    return refusal
