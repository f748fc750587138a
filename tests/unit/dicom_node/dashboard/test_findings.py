from dataclasses import replace

import pytest

from dicom_node.dashboard.condition import Condition, condition_of
from dicom_node.dashboard.findings import NEEDED, SLOW_AFTER_SECONDS, Severity
from dicom_node.ledger.callers import RefusedCaller
from dicom_node.ledger.processes import SILENT_AFTER_SECONDS
from dicom_node.ledger.report import FailureReport, HindranceReport, RejectionReport
from tests.unit.dicom_node.dashboard.facts_by_hand import NOW, WELL, depth, model, process


def the_only_finding(condition: Condition) -> str:
    [finding] = condition.findings
    return f"{finding.what} {finding.do}"


@pytest.mark.parametrize("kind", list(NEEDED))
def test_a_kind_of_process_that_is_missing_is_named_with_its_command(kind: str) -> None:
    left = tuple(each for each in WELL.processes if each.kind != kind)
    condition = condition_of(replace(WELL, processes=left))
    assert condition.word == "stopped"
    assert NEEDED[kind] in condition.headline
    assert f"`dicom-node {kind}`" in condition.findings[0].do


def test_a_process_silent_for_too_long_does_not_count_as_alive() -> None:
    others = tuple(each for each in WELL.processes if each.kind != "work")
    for silent_seconds, word in ((SILENT_AFTER_SECONDS, "well"), (SILENT_AFTER_SECONDS + 0.1, "stopped")):
        worker = process("work", silent_seconds=silent_seconds)
        assert condition_of(replace(WELL, processes=(*others, worker))).word == word


def test_one_silent_worker_beside_a_living_one_is_no_trouble() -> None:
    both = (*WELL.processes, process("work", silent_seconds=600))
    assert condition_of(replace(WELL, processes=both)).word == "well"


def test_without_a_worker_it_is_said_how_many_wait() -> None:
    left = tuple(each for each in WELL.processes if each.kind != "work")
    waiting = depth(3600.0, analyses_queued=1, analyses_running=1)
    said = the_only_finding(condition_of(replace(WELL, processes=left, depth=waiting)))
    assert said.startswith("No worker is alive: nothing is analysed; 2 analyses wait.")


def test_a_node_that_is_not_running_is_said_once() -> None:
    said = the_only_finding(condition_of(replace(WELL, processes=(process("dashboard"),))))
    assert said.startswith("The node is not running")
    assert "`dicom-node up`" in said


def hindrance(destination: str, results: int) -> HindranceReport:
    return HindranceReport(destination=destination, error="connection refused", results=results, since=NOW)


def test_two_destinations_in_the_way_are_both_told() -> None:
    condition = condition_of(replace(WELL, hindrances=(hindrance("pacs", 3), hindrance("archive", 1))))
    told = " ".join(finding.what for finding in condition.findings)
    assert "destination pacs" in told and "destination archive" in told


def test_a_destination_in_the_way_is_named_with_its_reason() -> None:
    condition = condition_of(replace(WELL, hindrances=(hindrance("pacs", 3),)))
    assert condition.word == "trouble"
    assert condition.headline == "3 results wait for destination pacs: connection refused."
    assert "sends again by itself" in condition.findings[0].do


def test_a_destination_that_left_the_settings_is_to_be_put_back() -> None:
    condition = condition_of(replace(WELL, hindrances=(hindrance("old_pacs", 1),)))
    assert condition.headline.startswith("1 result waits for destination old_pacs")
    assert "[destinations.old_pacs]" in condition.findings[0].do


def test_a_model_that_is_not_ready_is_named_with_what_waits_for_it() -> None:
    broken = model("ct_liver", "model.toml: [input] is missing")
    waiting = {("ct_liver", "1.0.0"): 2, ("cxr_lungs", "1.0.0"): 1}
    condition = condition_of(replace(WELL, models=(broken, model()), queued_by_model=waiting))
    assert the_only_finding(condition).startswith(
        "Model ct_liver 1.0.0 is not ready: model.toml: [input] is missing. 2 analyses wait for it."
    )


def test_a_model_no_worker_has_is_trouble_once_the_workers_have_loaded() -> None:
    waiting = {("ct_liver", "1.0.0"): 1}
    loaded = condition_of(replace(WELL, queued_by_model=waiting))
    assert loaded.headline == "1 analysis waits for model ct_liver 1.0.0, which no worker has."
    loading = condition_of(replace(WELL, queued_by_model=waiting, models=()))
    assert [finding.severity for finding in loading.findings] == [Severity.NOTE]


def test_failures_lead_to_the_newest_study() -> None:
    newest, older = (
        FailureReport(study_instance_uid=uid, model="cxr_lungs", version="1.0.0", error=error, ended_at=NOW)
        for uid, error in (("1.2.3", "pixel data end early"), ("1.2.4", None))
    )
    condition = condition_of(replace(WELL, failures=(newest, older)))
    assert condition.headline == (
        "2 analyses failed within a day; the newest: cxr_lungs 1.0.0: pixel data end early."
    )
    assert condition.findings[0].study_instance_uid == "1.2.3"
    alone = condition_of(replace(WELL, failures=(older,)))
    assert alone.headline == "1 analysis failed within a day: cxr_lungs 1.0.0: no reason was recorded."


def test_an_old_queue_is_trouble_only_where_nothing_else_explains_it() -> None:
    slow = replace(WELL, depth=depth(SLOW_AFTER_SECONDS, analyses_queued=9))
    assert condition_of(slow).headline == "The oldest analysis was queued 15 min ago and is not done."
    explained = condition_of(replace(slow, models=(model(reason="no golden case"),)))
    assert "not ready" in the_only_finding(explained)


def refused(calling_ae_title: str = "CT2", *, times: int = 14) -> RefusedCaller:
    return RefusedCaller(
        calling_ae_title=calling_ae_title,
        called_ae_title="ANY-SCP",
        address="10.0.0.9",
        is_tls=False,
        reason="is not known, and no [[scp.modality]] is listed",
        remedy='Allow it by `ae_title = "CT2"`.',
        first_seen_at=NOW - 720,
        last_seen_at=NOW - 3,
        times=times,
    )


def test_an_unknown_caller_is_named_with_what_would_let_it_in() -> None:
    condition = condition_of(replace(WELL, refused=(refused(),)))
    assert condition.word == "trouble"
    assert the_only_finding(condition) == (
        "CT2 from 10.0.0.9 was refused 14 times, first 12 min ago: "
        "it is not known, and no [[scp.modality]] is listed. "
        'Allow it by `ae_title = "CT2"`.'
    )


def test_a_caller_refused_once_and_one_without_a_name() -> None:
    once = condition_of(replace(WELL, refused=(refused("", times=1),)))
    assert once.headline.startswith("A caller from 10.0.0.9 was refused 12 min ago: it is not known")


@pytest.mark.parametrize(
    ("number", "rest"),
    [
        (3, None),
        (4, "1 more caller was refused within a day."),
        (9, "6 more callers were refused within a day."),
    ],
)
def test_many_callers_do_not_hide_the_rest_of_the_node(number: int, rest: str | None) -> None:
    callers = tuple(refused(f"X{each}") for each in range(number))
    spoilt = replace(WELL, refused=callers, hindrances=(hindrance("pacs", 1),))
    what = [finding.what for finding in condition_of(spoilt).findings]
    assert what[0].startswith("1 result waits for destination pacs")
    assert [each.split()[0] for each in what[1:4]] == ["X0", "X1", "X2"]
    assert what[4:] == ([rest] if rest else [])


def test_no_destination_and_no_model_are_worth_a_remark() -> None:
    condition = condition_of(replace(WELL, models=(), destinations=()))
    assert condition.word == "note"
    assert [finding.severity for finding in condition.findings] == [Severity.NOTE, Severity.NOTE]


def test_the_worst_comes_first() -> None:
    left = tuple(each for each in WELL.processes if each.kind != "steward")
    condition = condition_of(
        replace(WELL, processes=left, hindrances=(hindrance("pacs", 1),), destinations=())
    )
    assert [finding.severity for finding in condition.findings] == [
        Severity.STOPPED,
        Severity.TROUBLE,
        Severity.NOTE,
    ]
    assert condition.headline.startswith("No steward is alive")


def test_other_content_in_quarantine_is_trouble_until_it_is_gone() -> None:
    condition = condition_of(replace(WELL, quarantined=2))
    assert condition.word == "trouble"
    assert condition.headline.startswith("2 instances have other content in quarantine")
    assert condition.findings[0].is_not_taken
    assert condition_of(replace(WELL, quarantined=1)).headline.startswith("1 instance has other content")


def rejection(reason: str, times: int) -> RejectionReport:
    return RejectionReport(calling_ae_title="CT2", reason=reason, times=times, first_at=NOW, last_at=NOW)


def test_rejected_instances_are_summed_and_the_newest_told() -> None:
    one = condition_of(replace(WELL, rejections=(rejection("cut", 1),)))
    assert one.headline == "1 instance was rejected within a day: CT2: cut."
    more = condition_of(replace(WELL, rejections=(rejection("cut", 2), rejection("nested", 3))))
    assert more.headline == "5 instances were rejected within a day; the newest: CT2: cut."
    assert more.findings[0].is_not_taken
