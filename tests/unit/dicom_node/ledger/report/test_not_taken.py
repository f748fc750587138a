from dicom_node.events import Event
from dicom_node.ledger import journal, report
from dicom_node.ledger.report import KeptReport, RejectionReport
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    an_instance,
    enter,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def _reject(ledger, calling_ae_title, reason, *, now):
    with ledger.transaction() as tx:
        journal.record(tx, Event.INSTANCE_REJECTED, now=now, subject=calling_ae_title, detail=reason)


def test_rejections_are_counted_by_caller_and_reason_the_newest_first(ledger):
    _reject(ledger, "CT2", "no SOP Instance UID", now=NOW)
    _reject(ledger, "CT2", "no SOP Instance UID", now=NOW + 2)
    _reject(ledger, "CT2", "nested too deep", now=NOW + 1)
    _reject(ledger, "CT3", "no SOP Instance UID", now=NOW + 3)
    enter(ledger, an_instance())
    found = ask(ledger, report.rejections, since=NOW - 1)
    assert found == [
        RejectionReport(
            calling_ae_title=ae_title, reason=reason, times=times, first_at=first_at, last_at=last_at
        )
        for ae_title, reason, times, first_at, last_at in (
            ("CT3", "no SOP Instance UID", 1, NOW + 3, NOW + 3),
            ("CT2", "no SOP Instance UID", 2, NOW, NOW + 2),
            ("CT2", "nested too deep", 1, NOW + 1, NOW + 1),
        )
    ]
    assert ask(ledger, report.rejections, since=NOW - 1, at_most=1) == found[:1]
    assert [each.calling_ae_title for each in ask(ledger, report.rejections, since=NOW + 2)] == ["CT3"]


def test_what_is_held_under_a_uid_is_told_and_what_is_not_is_not(ledger):
    held = enter(ledger, an_instance(size_bytes=4711), now=NOW)
    enter(ledger, an_instance(2), now=NOW)
    (found,) = ask(ledger, report.kept, sop_instance_uids=[held.sop_instance_uid, "1.2.3"])
    assert found == KeptReport(
        sop_instance_uid=held.sop_instance_uid,
        study_instance_uid=STUDY,
        key=held.key,
        size_bytes=4711,
        received_at=NOW,
        calling_ae_title="CR_ROOM_2",
    )
    assert ask(ledger, report.kept, sop_instance_uids=[]) == []
