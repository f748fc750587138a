"""What the dashboard asks of a real ledger, and what it makes of the answers."""

import pytest

from dicom_node.dashboard.condition import condition_of
from dicom_node.dashboard.facts import read_facts
from dicom_node.errors import LedgerAway
from dicom_node.ledger import report


def facts_of(scene):
    with report.answering(scene.ledger) as tx:
        return read_facts(
            tx,
            now=scene.now,
            destinations=tuple(scene.settings.destinations),
            spool=scene.settings.spool_folder,
        )


def test_a_node_that_did_its_work_is_well(scene) -> None:
    scene.whole_way()
    scene.all_alive()
    scene.report_model(*scene.MODEL)
    facts = facts_of(scene)
    assert condition_of(facts).headline == "All is well: nothing is waiting."
    [pacs] = facts.deliveries
    assert (pacs.destination, pacs.delivered, pacs.undelivered) == ("pacs", 2, 0)
    assert pacs.last_delivered_at == pytest.approx(scene.now - 0.2)


def test_hindrances_are_summed_by_destination_and_reason(scene) -> None:
    scene.queue_and_succeed("a1")
    owed_at = scene.now
    scene.deliver("pacs", error="connection refused")
    scene.now += 60
    scene.queue_and_succeed("a2")
    scene.deliver("pacs", error="connection refused")
    [hindrance] = facts_of(scene).hindrances
    assert (hindrance.destination, hindrance.results, hindrance.since) == ("pacs", 4, owed_at)
    scene.now += 60
    scene.deliver("pacs")
    assert facts_of(scene).hindrances == ()


def test_a_result_not_tried_yet_is_no_hindrance(scene) -> None:
    scene.queue_and_succeed("a1")
    facts = facts_of(scene)
    assert facts.hindrances == ()
    assert facts.deliveries[0].undelivered == 2


def test_a_destination_without_deliveries_has_an_empty_line(scene) -> None:
    [line] = facts_of(scene).deliveries_everywhere
    assert (line.destination, line.delivered, line.undelivered, line.last_delivered_at) == (
        "pacs",
        0,
        0,
        None,
    )


def test_failures_are_of_the_last_day_and_the_newest_comes_first(scene) -> None:
    for analysis_id, hours in (("a1", 20), ("a2", 3), ("a3", 1)):
        scene.receive(f"{scene.STUDY}.{analysis_id[1]}")
        scene.queue(analysis_id, f"{scene.STUDY}.{analysis_id[1]}")
        scene.start()
        scene.fail(analysis_id, f"reason {analysis_id}")
        scene.now += hours * 3600
    failures = facts_of(scene).failures
    assert [each.error for each in failures] == ["reason a3", "reason a2"]
    assert failures[0].study_instance_uid == f"{scene.STUDY}.3"


def test_refused_callers_are_of_the_last_day_and_the_newest_comes_first(scene) -> None:
    for calling_ae_title, hours in (("CT1", 2), ("CT2", 20), ("CT3", 3)):
        scene.refuse_caller(calling_ae_title)
        scene.now += hours * 3600
    assert [each.calling_ae_title for each in facts_of(scene).refused] == ["CT3", "CT2"]


def test_what_waits_is_counted_by_model(scene) -> None:
    scene.receive()
    scene.queue("a1")
    scene.queue("a2")
    scene.queue("b1", model=("ct_liver", "2.0.0"))
    scene.start()
    assert facts_of(scene).queued_by_model == {("cxr_lungs", "1.0.0"): 1, ("ct_liver", "2.0.0"): 1}


def test_a_ledger_that_is_no_database_is_named_in_words(scene) -> None:
    scene.break_ledger()
    with pytest.raises(LedgerAway, match=r"the ledger does not answer: .*not a database"):
        facts_of(scene)


def test_rejections_are_of_the_last_day_and_all_are_counted(scene) -> None:
    for reason, hours in (("cut", 20), ("nested too deep", 3), ("cut", 1), ("cut", 1)):
        scene.reject("CT2", reason)
        scene.now += hours * 3600
    facts = facts_of(scene)
    assert [(each.reason, each.times) for each in facts.rejections] == [("cut", 2), ("nested too deep", 1)]
    assert facts.rejected == 3


def test_what_lies_in_quarantine_is_counted(scene) -> None:
    assert facts_of(scene).quarantined == 0
    scene.quarantine(scene.receive())
    assert facts_of(scene).quarantined == 1
