from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.schema import event
from tests.unit.dicom_node.given import NOW, STUDY, events, rows


def test_an_event_is_written_as_it_happened(ledger):
    with ledger.transaction() as tx:
        journal.record(tx, Event.STUDY_ROUTED, now=NOW, study_instance_uid=STUDY, subject="s", detail="why")
        journal.record(tx, Event.INSTANCE_REJECTED, now=NOW + 1)
    first, second = rows(ledger, event)
    assert first | {"event_id": None} == {
        "event_id": None,
        "at": NOW,
        "name": "study.routed",
        "study_instance_uid": STUDY,
        "subject": "s",
        "detail": "why",
    }
    assert (second["study_instance_uid"], second["subject"], second["detail"]) == (None, None, None)
    assert events(ledger) == [Event.STUDY_ROUTED, Event.INSTANCE_REJECTED]
