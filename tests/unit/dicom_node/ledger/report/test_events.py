from dicom_node.events import Event
from dicom_node.ledger import report
from tests.unit.dicom_node.given import (
    NOW,
    an_instance,
    enter,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def test_the_latest_events_come_first(ledger, told):
    names = [each.name for each in ask(ledger, report.latest_events, at_most=3)]
    assert names == [Event.DELIVERY_POSTPONED, Event.RESULT_DELIVERED, Event.ANALYSIS_SUCCEEDED]
    enter(ledger, an_instance(study="1.9"))
    (one,) = ask(ledger, report.latest_events, study_instance_uid="1.9")
    assert (one.name, one.at) == (Event.STUDY_OPENED, NOW)


def test_events_are_counted_by_name_from_where_one_left_off(ledger):
    names = [Event.STUDY_OPENED, Event.INSTANCE_REJECTED]
    assert ask(ledger, report.count_events, names=names, after_event_id=0) == (
        0,
        {"study.opened": 0, "instance.rejected": 0},
    )
    enter(ledger, an_instance(study="1.8"))
    enter(ledger, an_instance(study="1.9"))
    newest, counted = ask(ledger, report.count_events, names=names, after_event_id=0)
    assert counted == {"study.opened": 2, "instance.rejected": 0}
    assert ask(ledger, report.count_events, names=names, after_event_id=newest - 1)[1]["study.opened"] == 1
    assert ask(ledger, report.count_events, names=names, after_event_id=newest) == (
        newest,
        {"study.opened": 0, "instance.rejected": 0},
    )
