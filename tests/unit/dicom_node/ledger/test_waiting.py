from dataclasses import replace

import pytest

from dicom_node.ledger import models, processes, report, waiting
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.ledger.report import AnalysisReport, StudyReport
from dicom_node.ledger.waiting import Scene, explain, reason_analysis_waits, reason_study_waits
from tests.unit.dicom_node.given import MODEL, NOW, STUDY, an_instance, an_order, enter, queue

ANALYSIS = AnalysisReport(
    analysis_id="analysis-1",
    model=MODEL[0],
    version=MODEL[1],
    series_instance_uid=f"{STUDY}.1",
    source_instance_uids=(f"{STUDY}.1.1",),
    state="queued",
    attempts=0,
    error=None,
    queued_at=NOW,
    started_at=None,
    ended_at=None,
    notes={},
    results=(),
)
REPORT = StudyReport(
    study_instance_uid=STUDY,
    state="routed",
    instances=1,
    calling_ae_title="CR_ROOM_2",
    complete_because=None,
    first_received_at=NOW,
    last_received_at=NOW,
    complete_at=None,
    routed_at=None,
    finished_at=None,
    analyses=(ANALYSIS,),
    declined=(),
)
NO_STEWARD = "waits for the steward: none is alive; start the node, or `dicom-node steward`"
NO_WORKER = "waits for a worker: none is alive; start the node, or `dicom-node work`"


def _processes(**states: str) -> list[Process]:
    return [
        Process(process=f"host:{number}", kind=kind, state=state, started_at=NOW, seen_at=NOW)
        for number, (kind, state) in enumerate(states.items())
    ]


def _model(name: str = MODEL[0], version: str = MODEL[1]) -> ModelState:
    return ModelState(
        model_name=name, model_version=version, digest=None, reason_not_ready=None, checked_at=NOW
    )


def _scene(*found: ModelState, **states: str) -> Scene:
    return Scene(alive=_processes(**states), models=found)


WELL = _scene(_model(), work="ready with 1 of 1 models", steward="at work")


def test_where_all_is_well_nothing_is_said():
    assert reason_analysis_waits(ANALYSIS, WELL) is None
    for state in ("receiving", "complete", "routed", "finished"):
        assert reason_study_waits(replace(REPORT, state=state), WELL) is None


def test_without_a_worker_an_analysis_waits_for_one():
    assert reason_analysis_waits(ANALYSIS, _scene(_model(), steward="at work")) == NO_WORKER


@pytest.mark.parametrize("other", [_model("other"), _model(version="9.9.9")])
def test_an_analysis_whose_model_was_taken_away_waits_for_it(other):
    reason = reason_analysis_waits(ANALYSIS, _scene(other, work="ready", steward="at work"))
    assert reason is not None
    assert reason.startswith("waits for its model: no worker has this version")


def test_before_a_worker_has_looked_at_any_model_none_is_missed():
    assert reason_analysis_waits(ANALYSIS, _scene(work="loading models", steward="at work")) is None


def test_the_stewards_trouble_is_the_analysis_reason():
    scene = _scene(_model(), work="ready", steward="at work; Redis does not answer; work waits")
    assert reason_analysis_waits(ANALYSIS, scene) == "waits: Redis does not answer; work waits"


def test_without_a_steward_nobody_wakes_a_worker():
    assert reason_analysis_waits(ANALYSIS, _scene(_model(), work="ready")) == NO_STEWARD


def test_of_two_stewards_one_that_is_well_is_enough():
    stewards = _processes(steward="at work; Redis does not answer", work="ready") + _processes(
        steward="at work"
    )
    assert reason_analysis_waits(ANALYSIS, Scene(alive=stewards, models=[_model()])) is None


@pytest.mark.parametrize("scene", [WELL, _scene(), _scene(_model("other"), work="ready")])
def test_what_an_attempt_left_as_its_reason_comes_first(scene):
    assert reason_analysis_waits(replace(ANALYSIS, error="no room in the spool"), scene) == (
        "no room in the spool"
    )


@pytest.mark.parametrize("state", ["receiving", "complete"])
def test_a_study_that_came_while_there_is_no_steward_says_so(state):
    assert reason_study_waits(replace(REPORT, state=state), _scene(receive="listening")) == NO_STEWARD


def test_a_complete_study_has_the_stewards_trouble_and_one_that_still_comes_does_not():
    scene = _scene(steward="at work; no model package is in order, see `dicom-node check`")
    complete = reason_study_waits(replace(REPORT, state="complete"), scene)
    assert complete == "waits: no model package is in order, see `dicom-node check`"
    assert reason_study_waits(replace(REPORT, state="receiving"), scene) is None


@pytest.mark.parametrize("state", ["routed", "finished"])
def test_a_study_that_was_routed_waits_for_nobody(state):
    assert reason_study_waits(replace(REPORT, state=state), _scene()) is None


def test_only_what_is_queued_is_explained():
    running = replace(ANALYSIS, analysis_id="analysis-2", state="running")
    told = explain(replace(REPORT, analyses=(ANALYSIS, running)), _scene())
    assert [each.error for each in told.analyses] == [NO_WORKER, None]
    assert told.waits_because is None
    assert explain(replace(REPORT, state="complete"), _scene()).waits_because == NO_STEWARD


def test_the_scene_is_what_the_ledger_holds_now(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())

    def told(now):
        with ledger.snapshot() as tx:
            (study,) = waiting.explained(tx, report.studies(tx), now=now)
        return study.waits_because, study.analyses[0].error

    assert told(NOW) == (NO_STEWARD, NO_WORKER)
    with ledger.transaction() as tx:
        models.record(tx, _model())
        for each in WELL.alive:
            processes.beat(
                tx, process_name=each.process, kind=each.kind, state=each.state, started_at=NOW, now=NOW
            )
    assert told(NOW) == (None, None)
    assert told(NOW + processes.SILENT_AFTER_SECONDS + 1) == (NO_STEWARD, NO_WORKER)
