import json
from dataclasses import replace

from dicom_node.answers import status_as_json, status_as_text, studies_as_json, studies_as_text
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.ledger.report import (
    AnalysisReport,
    DecisionReport,
    DeliveryReport,
    Depth,
    ResultReport,
    StudyReport,
)
from tests.unit.dicom_node.given import NOW, a_refused_caller

DELIVERED = DeliveryReport(
    destination="pacs", state="delivered", attempts=2, error=None, owed_at=NOW, delivered_at=NOW + 1.25
)
WAITING = DeliveryReport(
    destination="backup", state="owed", attempts=1, error="does not answer", owed_at=NOW, delivered_at=None
)
SEG = ResultReport(
    kind="SEG",
    sop_instance_uid="2.25.1",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
    series_instance_uid="2.25.100",
    made_at=NOW,
    deliveries=(WAITING, DELIVERED),
)
ANALYSIS = AnalysisReport(
    analysis_id="analysis-1",
    model="shades",
    version="1.2.3",
    series_instance_uid="1.2.1",
    source_instance_uids=("1.2.1.1",),
    state="succeeded",
    attempts=1,
    error=None,
    queued_at=NOW,
    started_at=NOW + 0.5,
    ended_at=NOW + 2,
    notes={"verdict": "accepted"},
    results=(SEG,),
)
STUDY = StudyReport(
    study_instance_uid="1.2",
    state="routed",
    instances=1,
    calling_ae_title="CR_ROOM_2",
    complete_because="no instance came for 10 s",
    first_received_at=NOW,
    last_received_at=NOW,
    complete_at=NOW + 10,
    routed_at=NOW + 10.001,
    finished_at=None,
    analyses=(ANALYSIS,),
    declined=(
        DecisionReport(model="other", version="1.0.0", series_instance_uid="1.2.1", reason="Modality is CR"),
    ),
)
DEPTH = Depth(studies={"receiving": 1}, analyses={"queued": 2}, deliveries={"owed": 3}, oldest_seconds=12.3)
MODEL = ModelState(model_name="m", model_version="1", digest=None, reason_not_ready=None, checked_at=NOW)
PROCESS = Process(process="h:1", kind="work", state="ready", started_at=NOW, seen_at=NOW)
REFUSED = a_refused_caller(last_seen_at=NOW + 60, times=14)


def _study(**changes) -> dict:
    (study,) = studies_as_json([replace(STUDY, **changes)])
    return json.loads(json.dumps(study))


def test_every_step_of_a_study_has_its_time_in_iso():
    study = _study()
    assert study["first_received_at"] == "2026-03-01T12:00:00.000+00:00"
    assert study["routed_at"] == "2026-03-01T12:00:10.001+00:00"
    assert study["finished_at"] is None
    assert study["analyses"][0]["started_at"] == "2026-03-01T12:00:00.500+00:00"
    assert (study["instances"], study["complete_because"]) == (1, "no instance came for 10 s")


def test_a_result_has_one_entry_for_each_destination():
    backup, pacs = _study()["analyses"][0]["results"]
    common = {
        "kind": "SEG",
        "sop_instance_uid": "2.25.1",
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.66.4",
        "series_instance_uid": "2.25.100",
        "made_at": "2026-03-01T12:00:00.000+00:00",
        "owed_at": "2026-03-01T12:00:00.000+00:00",
    }
    assert backup == common | {
        "destination": "backup",
        "delivery_state": "owed",
        "delivery_attempts": 1,
        "delivery_error": "does not answer",
        "delivered_at": None,
    }
    assert pacs == common | {
        "destination": "pacs",
        "delivery_state": "delivered",
        "delivery_attempts": 2,
        "delivery_error": None,
        "delivered_at": "2026-03-01T12:00:01.250+00:00",
    }


def test_a_result_owed_to_nobody_has_one_entry_too():
    analysis = replace(ANALYSIS, results=(replace(SEG, deliveries=()),))
    (only,) = _study(analyses=(analysis,))["analyses"][0]["results"]
    assert (only["sop_instance_uid"], only["destination"], only["delivery_state"]) == ("2.25.1", None, None)


def test_what_was_declined_is_there_with_its_reason():
    (declined,) = _study()["declined"]
    assert declined == {
        "model": "other",
        "version": "1.0.0",
        "series_instance_uid": "1.2.1",
        "reason": "Modality is CR",
    }


def test_a_study_as_text_names_every_reason():
    failed = replace(ANALYSIS, state="failed", error="no pixels", results=())
    text = list(studies_as_text([replace(STUDY, analyses=(ANALYSIS, failed))]))
    assert text == [
        "1.2  routed  1 instances (no instance came for 10 s)",
        "  shades 1.2.3  succeeded, 1 attempts",
        "    SEG 2.25.1",
        "      backup  owed, 1 attempts: does not answer",
        "      pacs  delivered, 2 attempts",
        "  shades 1.2.3  failed, 1 attempts: no pixels",
        "  other 1.0.0  not for series 1.2.1: Modality is CR",
    ]


def test_the_state_of_the_node_for_programs():
    status = json.loads(json.dumps(status_as_json(DEPTH, [PROCESS], [MODEL], [REFUSED])))
    assert (status["analyses"], status["oldest_seconds"]) == ({"queued": 2}, 12.3)
    assert status["processes"][0]["seen_at"] == "2026-03-01T12:00:00.000+00:00"
    assert status["models"][0]["reason_not_ready"] is None
    assert status["refused_callers"] == [
        {
            "calling_ae_title": "CT2",
            "called_ae_title": "ANY-SCP",
            "address": "10.0.0.9",
            "is_tls": False,
            "reason": "is not known",
            "remedy": "Allow it.",
            "first_seen_at": "2026-03-01T12:00:00.000+00:00",
            "last_seen_at": "2026-03-01T12:01:00.000+00:00",
            "times": 14,
        }
    ]


def test_the_state_of_the_node_for_people():
    broken = replace(MODEL, model_version="2", reason_not_ready="a file changed")
    text = list(status_as_text(DEPTH, [PROCESS], [MODEL, broken], [REFUSED]))
    assert text[1] == "analyses    2 queued; the oldest waits for 12 s"
    assert text[3:] == [
        "model       m 1: ready",
        "model       m 2: a file changed",
        "process     work h:1: ready",
        "refused     CT2 from 10.0.0.9, 14 times since 2026-03-01T12:00:00.000+00:00: "
        "it is not known. Allow it.",
    ]


def test_a_node_nobody_started_says_what_to_do():
    assert list(status_as_text(DEPTH, [], [], []))[-1].endswith("start the node with `dicom-node up`")


def test_what_the_gate_flagged_is_printed_below_its_analysis():
    reasons = ["the outline is unusually small", "the image lies outside the envelope"]
    flagged = replace(ANALYSIS, notes={"verdict": "flagged", "reasons": reasons})
    text = list(studies_as_text([replace(STUDY, analyses=(flagged, ANALYSIS), declined=())]))
    assert text[1:3] == [
        "  shades 1.2.3  succeeded, 1 attempts",
        "    flagged: the outline is unusually small; the image lies outside the envelope",
    ]
    assert sum("flagged" in line for line in text) == 1


def test_why_a_study_waits_is_printed_behind_it():
    waiting = replace(STUDY, waits_because="waits for the steward: none is alive", analyses=(), declined=())
    assert list(studies_as_text([waiting])) == [
        "1.2  routed  1 instances (no instance came for 10 s): waits for the steward: none is alive"
    ]
    assert _study(waits_because="waits")["waits_because"] == "waits"
    assert _study()["waits_because"] is None
