from dataclasses import asdict

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.events import Event
from dicom_node.ledger import analyses, decisions, deliveries, models, report
from dicom_node.ledger.decisions import Decision
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.report import DecisionReport, Depth
from tests.unit.dicom_node.given import (
    MODEL,
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    an_order,
    break_ledger,
    complete_all,
    enter,
    parcels,
    queue,
    route,
    succeed,
)


def _ask(ledger, question, **about):
    with ledger.snapshot() as tx:
        return question(tx, **about)


def _decision(reason: str | None, *, model: str = "shades") -> Decision:
    return Decision(
        series_instance_uid=f"{STUDY}.1",
        sop_instance_uid=None,
        model_name=model,
        model_version="1.2.3",
        reason_to_decline=reason,
    )


@pytest.fixture
def told(ledger):
    """A study with one analysis that succeeded, one result delivered and one refused by the destination."""
    held = a_claim(ledger, now=NOW)
    enter(ledger, an_instance(2), now=NOW + 1)
    complete_all(ledger, now=NOW + 10)
    with ledger.transaction() as tx:
        decisions.replace_all(
            tx, STUDY, [_decision(None), _decision("Modality is CR", model="other")], now=NOW + 11
        )
    route(ledger, now=NOW + 11)
    with ledger.transaction() as tx:
        made = [a_result(1), a_result(2, kind="SR")]
        assert analyses.succeed(
            tx, held, made, destinations=["pacs"], notes={"verdict": "accepted"}, now=NOW + 12
        )
    first, second = parcels(ledger, now=NOW + 13)
    with ledger.transaction() as tx:
        deliveries.mark_delivered(tx, first, now=NOW + 14)
        deliveries.postpone(tx, second, error="status A700", next_attempt_at=NOW + 15, now=NOW + 14)


def test_a_study_is_told_whole(ledger, told):
    (study,) = _ask(ledger, report.studies)
    assert (study.study_instance_uid, study.state, study.instances) == (STUDY, "routed", 2)
    assert (study.complete_because, study.calling_ae_title) == ("quiet", "CR_ROOM_2")
    times = (
        study.first_received_at,
        study.last_received_at,
        study.complete_at,
        study.routed_at,
        study.finished_at,
    )
    assert times == (NOW, NOW + 1, NOW + 10, NOW + 11, None)
    assert study.declined == (
        DecisionReport(
            model="other", version="1.2.3", series_instance_uid=f"{STUDY}.1", reason="Modality is CR"
        ),
    )
    (analysis,) = study.analyses
    assert (analysis.model, analysis.version) == MODEL
    assert (analysis.state, analysis.attempts, analysis.error) == ("succeeded", 1, None)
    assert (analysis.queued_at, analysis.started_at, analysis.ended_at) == (NOW, NOW, NOW + 12)
    assert (analysis.source_instance_uids, analysis.notes) == ((f"{STUDY}.1.1",), {"verdict": "accepted"})
    seg, sr = analysis.results
    assert (seg.kind, sr.kind, seg.made_at) == ("SEG", "SR", NOW + 12)
    ways = [asdict(result.deliveries[0]) for result in (seg, sr)]
    common = {"destination": "pacs", "attempts": 1, "owed_at": NOW + 12}
    assert ways == [
        common | {"state": "delivered", "error": None, "delivered_at": NOW + 14},
        common | {"state": "owed", "error": "status A700", "delivered_at": None},
    ]


def test_the_newest_studies_come_first_and_no_more_than_asked_for(ledger):
    for number in range(3):
        enter(ledger, an_instance(study=f"1.{number}"), now=NOW + number)
    assert [each.study_instance_uid for each in _ask(ledger, report.studies, at_most=2)] == ["1.2", "1.1"]
    (one,) = _ask(ledger, report.studies, study_instance_uid="1.0")
    assert one.study_instance_uid == "1.0"
    assert _ask(ledger, report.studies, study_instance_uid="1.7") == []


def test_an_analysis_that_waits_for_its_model_says_so(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())
    broken = ModelState(
        model_name=MODEL[0],
        model_version=MODEL[1],
        digest=None,
        reason_not_ready="a file changed",
        checked_at=NOW,
    )
    with ledger.transaction() as tx:
        models.record(tx, broken)
    (study,) = _ask(ledger, report.studies)
    assert study.analyses[0].error == "waits for its model: a file changed"


def test_depth_counts_every_state_and_the_age_of_the_oldest(ledger):
    empty = _ask(ledger, report.depth, now=NOW)
    assert empty == Depth(
        studies=dict.fromkeys(map(str, StudyState), 0),
        analyses=dict.fromkeys(map(str, AnalysisState), 0),
        deliveries=dict.fromkeys(map(str, DeliveryState), 0),
        oldest_seconds=0.0,
    )
    succeed(ledger, a_claim(ledger), a_result())
    queue(ledger, an_order(2), now=NOW + 1)
    depth = _ask(ledger, report.depth, now=NOW + 31)
    assert (depth.studies["receiving"], depth.analyses["queued"], depth.analyses["succeeded"]) == (1, 1, 1)
    assert (depth.deliveries["owed"], depth.oldest_seconds) == (1, 30.0)


def test_a_clock_set_back_gives_no_negative_age(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())
    assert _ask(ledger, report.depth, now=NOW - 60).oldest_seconds == 0.0


def test_the_latest_events_come_first(ledger, told):
    names = [each.name for each in _ask(ledger, report.latest_events, at_most=3)]
    assert names == [Event.DELIVERY_POSTPONED, Event.RESULT_DELIVERED, Event.ANALYSIS_SUCCEEDED]
    enter(ledger, an_instance(study="1.9"))
    (one,) = _ask(ledger, report.latest_events, study_instance_uid="1.9")
    assert (one.name, one.at) == (Event.STUDY_OPENED, NOW)


def test_destinations_say_what_they_had_and_what_stands_in_the_way(ledger, told):
    (pacs,) = _ask(ledger, report.destinations)
    assert (pacs.destination, pacs.delivered, pacs.undelivered) == ("pacs", 1, 1)
    assert pacs.last_delivered_at == NOW + 14
    (hindrance,) = _ask(ledger, report.hindrances)
    assert (hindrance.error, hindrance.results, hindrance.since) == ("status A700", 1, NOW + 12)


def test_failures_and_queues_are_told_by_model(ledger):
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        analyses.fail(tx, held, reason="no pixels", now=NOW + 5)
    queue(ledger, an_order(2), an_order(3))
    (failure,) = _ask(ledger, report.latest_failures, since=NOW)
    assert (failure.study_instance_uid, failure.model, failure.error) == (STUDY, "shades", "no pixels")
    assert _ask(ledger, report.latest_failures, since=NOW + 5) == []
    assert _ask(ledger, report.queued_by_model) == {MODEL: 2}


def test_a_ledger_that_does_not_answer_is_said_in_words(ledger):
    break_ledger(ledger)
    with pytest.raises(LedgerAway, match="the ledger does not answer: "), report.answering(ledger) as tx:
        report.depth(tx, now=NOW)
