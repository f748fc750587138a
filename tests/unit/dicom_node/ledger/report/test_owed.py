from dicom_node.ledger import report
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.report import Depth
from tests.unit.dicom_node.given import (
    MODEL,
    NOW,
    a_claim,
    a_result,
    an_instance,
    an_order,
    enter,
    queue,
    succeed,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def test_depth_counts_every_state_and_the_age_of_the_oldest(ledger):
    empty = ask(ledger, report.depth, now=NOW)
    assert empty == Depth(
        studies=dict.fromkeys(map(str, StudyState), 0),
        analyses=dict.fromkeys(map(str, AnalysisState), 0),
        deliveries=dict.fromkeys(map(str, DeliveryState), 0),
        oldest_seconds=0.0,
    )
    succeed(ledger, a_claim(ledger), a_result())
    queue(ledger, an_order(2), now=NOW + 1)
    depth = ask(ledger, report.depth, now=NOW + 31)
    assert (depth.studies["receiving"], depth.analyses["queued"], depth.analyses["succeeded"]) == (1, 1, 1)
    assert (depth.deliveries["owed"], depth.oldest_seconds) == (1, 30.0)


def test_a_clock_set_back_gives_no_negative_age(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())
    assert ask(ledger, report.depth, now=NOW - 60).oldest_seconds == 0.0


def test_what_waits_is_counted_by_model(ledger):
    a_claim(ledger)
    queue(ledger, an_order(2), an_order(3))
    assert ask(ledger, report.queued_by_model) == {MODEL: 2}
