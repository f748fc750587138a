from dataclasses import asdict

from dicom_node.ledger import models, report
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.report import DecisionReport
from tests.unit.dicom_node.given import (
    MODEL,
    NOW,
    STUDY,
    an_instance,
    an_order,
    enter,
    queue,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def test_a_study_is_told_whole(ledger, told):
    (study,) = ask(ledger, report.studies)
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
    assert [each.study_instance_uid for each in ask(ledger, report.studies, at_most=2)] == ["1.2", "1.1"]
    (one,) = ask(ledger, report.studies, study_instance_uid="1.0")
    assert one.study_instance_uid == "1.0"
    assert ask(ledger, report.studies, study_instance_uid="1.7") == []


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
    (study,) = ask(ledger, report.studies)
    assert study.analyses[0].error == "waits for its model: a file changed"
