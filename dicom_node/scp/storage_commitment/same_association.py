"""A report on the association its request came on, while the requester keeps that open.

pynetdicom's own ``send_n_event_report`` would take whatever comes next for the answer and abort where it is
another request. Here the association goes on serving; we only listen along.
"""

from threading import Event
from typing import Any

from pynetdicom import evt
from pynetdicom.dimse_messages import N_ACTION_RSP
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.scp.storage_commitment.event_report import request_pdata, status_answered
from dicom_node.scp.storage_commitment.report import Report

ANSWER_WITHIN_SECONDS = 10.0
"""So long a requester may take to answer on its own association; then a new one is tried."""

LOOK_EVERY_SECONDS = 0.05
SUCCESS = 0x0000
ENDED = "the requester has ended its association"


class SameAssociation:
    """The association of one N-ACTION; made while that is handled."""

    def __init__(self, association: Any) -> None:
        self._association = association
        self._message_id = 0
        self._status: int | None = None
        self._is_asked_answered = Event()
        self._is_told = Event()
        association.bind(evt.EVT_DIMSE_SENT, self._on_sent)

    def report(self, report: Report, *, within_seconds: float = ANSWER_WITHIN_SECONDS) -> str | None:
        """Tell the requester; None when it took the report, else why not. Waits for its answer."""
        context = self._context()
        if context is None:
            return ENDED
        self._association.bind(evt.EVT_DIMSE_RECV, self._on_received)
        try:
            return self._tell(report, context, within_seconds)
        finally:
            self._association.unbind(evt.EVT_DIMSE_RECV, self._on_received)

    def _context(self) -> Any:
        """The presentation context to report on, once our answer to the request is out; None at its end."""
        association = self._association
        if not self._is_asked_answered.is_set() or not association.is_established:
            return None
        wanted = [each for each in association.accepted_contexts if _is_ours(each)]
        return wanted[0] if wanted else None

    def _tell(self, report: Report, context: Any, within_seconds: float) -> str | None:
        self._message_id = _next_message_id(self._association)
        fragments = request_pdata(
            report,
            message_id=self._message_id,
            context=context,
            largest_pdu_bytes=self._association.dimse.maximum_pdu_size,
        )
        _send_in_one_piece(self._association.dul, fragments)
        waited = 0.0
        while not self._is_told.wait(LOOK_EVERY_SECONDS):
            waited += LOOK_EVERY_SECONDS
            if not self._association.is_established:
                return "the requester ended its association before it answered the report"
            if waited >= within_seconds:
                return f"the requester did not answer the report in {within_seconds:g} s"
        return (
            None if self._status == SUCCESS else f"the requester answered the report with {self._status:04X}"
        )

    def _on_sent(self, event: Any) -> None:
        if isinstance(event.message, N_ACTION_RSP):
            self._is_asked_answered.set()
            self._association.unbind(evt.EVT_DIMSE_SENT, self._on_sent)

    def _on_received(self, event: Any) -> None:
        status = status_answered(event.message, message_id=self._message_id)
        if status is not None:
            self._status = status
            self._is_told.set()


def _is_ours(context: Any) -> bool:
    return str(context.abstract_syntax) == str(StorageCommitmentPushModel)


def _next_message_id(association: Any) -> int:
    """Another for each report on an association: a late answer must not be taken for that of the next."""
    number = getattr(association, "reports_sent", 0) % 0xFFFF + 1
    association.reports_sent = number
    return int(number)


def _send_in_one_piece(dul: Any, fragments: list[Any]) -> None:
    """Queue all fragments at once: no fragment of another message may come between them (PS3.7 annex F).

    pynetdicom's thread sends all that is queued before it reads, and so before it answers anything.
    """
    queued = dul.to_provider_queue
    with queued.mutex:
        queued.queue.extend(fragments)
        queued.not_empty.notify()
    wake = getattr(dul, "wake", None)  # the streaming provider sleeps; the stock one looks each millisecond
    if wake is not None:
        wake()
