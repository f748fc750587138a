"""What tests of storage commitment take as given: a report, an owed request, an obedient association."""

from types import SimpleNamespace
from typing import Any

from pydicom.uid import UID
from pynetdicom import build_context, evt
from pynetdicom.dimse_messages import N_ACTION_RSP, N_EVENT_REPORT_RSP
from pynetdicom.dimse_primitives import N_ACTION, N_EVENT_REPORT
from pynetdicom.sop_class import StorageCommitmentPushModel, Verification

from dicom_node.ledger.commitments import Owed, Reference, Requester
from dicom_node.scp.storage_commitment.report import Report
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, NOW

CT1 = Requester(calling_ae_title="CT1", called_ae_title="OUR_NODE", address="127.0.0.1")


def references(count: int = 1) -> tuple[Reference, ...]:
    return tuple(
        Reference(sop_class_uid=CR_IMAGE, sop_instance_uid=f"1.2.3.{number}")
        for number in range(1, count + 1)
    )


def a_report(count: int = 1) -> Report:
    return Report(transaction_uid="2.25.1", held=references(count), failed=())


def an_owed(**changes: Any) -> Owed:
    said = {
        "commitment_id": 1,
        "transaction_uid": "2.25.1",
        "requester": CT1,
        "references": references(),
        "is_duplicate": False,
        "requested_at": NOW,
        "attempts": 1,
    }
    return Owed(**(said | changes))


def the_context(*, number: int = 3) -> Any:
    context = build_context(StorageCommitmentPushModel, EXPLICIT)
    context.context_id = number
    return context


def action_answer() -> SimpleNamespace:
    """What pynetdicom says when the N-ACTION-RSP goes out."""
    primitive = N_ACTION()
    primitive.MessageIDBeingRespondedTo = 1
    primitive.Status = 0
    message = N_ACTION_RSP()
    message.primitive_to_message(primitive)
    return SimpleNamespace(message=message)


def report_answer(*, message_id: int, status: int = 0) -> SimpleNamespace:
    """What pynetdicom says when an N-EVENT-REPORT-RSP comes in."""
    primitive = N_EVENT_REPORT()
    primitive.MessageIDBeingRespondedTo = message_id
    primitive.AffectedSOPClassUID = UID(StorageCommitmentPushModel)
    primitive.Status = status
    message = N_EVENT_REPORT_RSP()
    message.primitive_to_message(primitive)
    return SimpleNamespace(message=message)


class OpenAssociation:
    """As SameAssociation sees one. ``on_send`` is called with the fragments when they are queued."""

    def __init__(self, on_send: Any = None, *, is_accepted: bool = True) -> None:
        self.is_established = True
        other = build_context(Verification, EXPLICIT)
        other.context_id = 1
        self.accepted_contexts = [other, the_context()] if is_accepted else [other]
        self.dimse = SimpleNamespace(maximum_pdu_size=512)
        self.sent: list[Any] = []
        self.bells = 0
        self._on_send = on_send or (lambda _: None)
        self._handlers: dict[Any, list[Any]] = {evt.EVT_DIMSE_SENT: [], evt.EVT_DIMSE_RECV: []}
        mutex = _Mutex()
        queue = SimpleNamespace(
            mutex=mutex,
            queue=SimpleNamespace(extend=lambda fragments: self._take(fragments, mutex)),
            not_empty=SimpleNamespace(notify=lambda: None),
        )
        self.dul = SimpleNamespace(to_provider_queue=queue, wake=self._ring)

    def bind(self, event: Any, handler: Any) -> None:
        self._handlers[event].append(handler)

    def unbind(self, event: Any, handler: Any) -> None:
        self._handlers[event].remove(handler)

    def happens(self, event: Any, what: Any) -> None:
        for handler in list(self._handlers[event]):
            handler(what)

    def listeners(self, event: Any) -> int:
        return len(self._handlers[event])

    def _take(self, fragments: list[Any], mutex: "_Mutex") -> None:
        assert mutex.is_held
        self.sent += fragments

    def _ring(self) -> None:
        self.bells += 1
        self._on_send(self.sent)


class _Mutex:
    is_held = False

    def __enter__(self) -> None:
        self.is_held = True

    def __exit__(self, *_: object) -> None:
        self.is_held = False
