import threading
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dicom_node.events import Event
from dicom_node.ledger import analyses
from dicom_node.ledger.schema import analysis, delivery, result
from tests.unit.dicom_node.given import (
    MODEL,
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    an_order,
    claim,
    enter,
    events,
    queue,
    row,
    rows,
    succeed,
)


def _put_back(ledger, held, *, at=NOW, event=Event.ANALYSIS_RETRIED):
    with ledger.transaction() as tx:
        return analyses.put_back(tx, held, reason="it broke", available_at=at, event=event, now=NOW)


def _unhinted(ledger, *, now=NOW):
    with ledger.snapshot() as tx:
        return sorted(analyses.unhinted(tx, now=now, hint_again_after_seconds=5, at_most=500))


def test_an_order_is_queued_once(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())
    with ledger.transaction() as tx:
        assert not analyses.queue(tx, an_order(), now=NOW + 1)
    queued = row(ledger, analysis)
    assert (queued["state"], queued["attempts"], queued["fence"]) == ("queued", 0, 0)
    assert queued["queued_at"] == queued["available_at"] == NOW
    assert queued["source_instance_uids"] == [f"{STUDY}.1.1"]
    assert events(ledger).count(Event.ANALYSIS_QUEUED) == 1


def test_a_claim_holds_the_order_a_fence_and_a_lease(ledger):
    held = a_claim(ledger, lease_seconds=30)
    assert (held.attempts, held.fence, held.source_instance_uids) == (1, 1, (f"{STUDY}.1.1",))
    running = row(ledger, analysis)
    assert (running["state"], running["worker"]) == ("running", "host:1")
    assert (running["lease_until"], running["started_at"]) == (NOW + 30, NOW)
    assert events(ledger)[-1] == Event.ANALYSIS_STARTED


def test_what_is_claimed_is_nobody_elses(ledger):
    a_claim(ledger)
    assert claim(ledger) is None


def test_the_urgent_come_first_and_then_the_old(ledger):
    enter(ledger, an_instance())
    for number, queued_at in ((1, 3.0), (2, 1.0), (3, 2.0), (4, 4.0)):
        queue(ledger, an_order(number), now=NOW + queued_at)
    with ledger.transaction() as tx:
        tx.execute(update(analysis).where(analysis.c.analysis_id == "analysis-4").values(priority=5))
    claimed = [claim(ledger, now=NOW + 10) for _ in range(4)]
    assert [each.analysis_id for each in claimed] == [f"analysis-{n}" for n in (4, 2, 3, 1)]


def test_only_what_one_of_the_models_can_do_is_claimed(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order(1, model=("other", "1.0.0")), an_order(2, model=("shades", "2.0.0")))
    assert claim(ledger, models=[MODEL]) is None
    assert claim(ledger, models=[]) is None
    claimed = claim(ledger, models=[MODEL, ("shades", "2.0.0")])
    assert claimed.analysis_id == "analysis-2"


def test_what_is_to_wait_is_not_claimed_before_its_time(ledger):
    _put_back(ledger, a_claim(ledger), at=NOW + 5)
    assert claim(ledger, now=NOW + 4.9) is None
    assert claim(ledger, now=NOW + 5).attempts == 2


def test_an_attempt_in_which_the_node_was_at_fault_does_not_count(ledger):
    held = a_claim(ledger)
    for fence in (2, 3, 4):
        with ledger.transaction() as tx:
            assert analyses.put_back(
                tx,
                held,
                reason="no room in the spool",
                available_at=NOW,
                event=Event.ANALYSIS_RETRIED,
                now=NOW,
                counts=False,
            )
        back = row(ledger, analysis)
        assert (back["state"], back["attempts"], back["error"]) == ("queued", 0, "no room in the spool")
        held = claim(ledger)
        assert (held.attempts, held.fence) == (1, fence)
    assert _put_back(ledger, held)
    assert row(ledger, analysis)["attempts"] == 1


def test_the_fence_grows_with_each_claim(ledger):
    held = a_claim(ledger)
    fences = [held.fence]
    for _ in range(3):
        assert _put_back(ledger, held)
        held = claim(ledger)
        fences.append(held.fence)
    assert fences == [1, 2, 3, 4]
    assert held.attempts == 4


def test_a_lease_is_renewed_by_its_holder_alone(ledger):
    held = a_claim(ledger)

    def renew(claimed, now):
        with ledger.transaction() as tx:
            return analyses.renew(tx, claimed, now=now, lease_seconds=30)

    assert renew(held, NOW + 20)
    assert row(ledger, analysis)["lease_until"] == NOW + 50
    _put_back(ledger, held)
    assert not renew(held, NOW + 21)
    claim(ledger)
    assert not renew(held, NOW + 22)
    assert row(ledger, analysis)["lease_until"] == NOW + 30


def test_success_its_results_and_what_is_owed_are_one_commit(ledger):
    held = a_claim(ledger)
    made = (a_result(1), a_result(2, kind="SR"))
    assert succeed(ledger, held, *made, destinations=["pacs", "backup"], now=NOW + 2)
    done = row(ledger, analysis)
    assert (done["state"], done["ended_at"], done["lease_until"], done["error"]) == (
        "succeeded",
        NOW + 2,
        None,
        None,
    )
    assert {each["sop_instance_uid"] for each in rows(ledger, result)} == {"2.25.1", "2.25.2"}
    owed = {(each["sop_instance_uid"], each["destination"], each["state"]) for each in rows(ledger, delivery)}
    assert owed == {(uid, to, "owed") for uid in ("2.25.1", "2.25.2") for to in ("pacs", "backup")}
    assert events(ledger)[-1] == Event.ANALYSIS_SUCCEEDED


def test_an_old_fence_writes_nothing(ledger):
    zombie = a_claim(ledger)
    assert _put_back(ledger, zombie, event=Event.ANALYSIS_RESCUED)
    told = len(events(ledger))
    assert not succeed(ledger, zombie, a_result())  # put back, and nobody has it
    current = claim(ledger)
    told += 1
    assert not succeed(ledger, zombie, a_result())  # somebody else has it
    with ledger.transaction() as tx:
        assert not analyses.refuse(tx, zombie, [a_result()], reason="blank", notes={}, now=NOW)
        assert not analyses.fail(tx, zombie, [a_result()], reason="broken", now=NOW)
    assert not _put_back(ledger, zombie)
    assert rows(ledger, result) == rows(ledger, delivery) == []
    assert row(ledger, analysis)["state"] == "running"
    assert len(events(ledger)) == told
    assert succeed(ledger, current, a_result())


def test_what_has_ended_does_not_end_again(ledger):
    held = a_claim(ledger)
    assert succeed(ledger, held, a_result())
    assert not succeed(ledger, held, a_result(3))
    with ledger.transaction() as tx:
        assert not analyses.fail(tx, held, reason="broken", now=NOW)
    assert row(ledger, analysis)["state"] == "succeeded"
    assert len(rows(ledger, result)) == 1


def test_a_refusal_keeps_its_reason_and_owes_nothing(ledger):
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        assert analyses.refuse(
            tx, held, reason="the image is blank", notes={"verdict": "refused"}, now=NOW + 1
        )
    refused = row(ledger, analysis)
    assert (refused["state"], refused["error"]) == ("refused", "the image is blank")
    assert refused["notes"] == {"verdict": "refused"}
    assert rows(ledger, delivery) == []
    assert events(ledger)[-1] == Event.ANALYSIS_REFUSED


def test_a_failure_keeps_its_reason(ledger):
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        assert analyses.fail(tx, held, reason="no pixels", now=NOW + 1)
    failed = row(ledger, analysis)
    assert (failed["state"], failed["error"], failed["ended_at"]) == ("failed", "no pixels", NOW + 1)
    assert events(ledger)[-1] == Event.ANALYSIS_FAILED
    assert claim(ledger) is None


def test_a_report_of_a_refusal_or_a_failure_is_owed_in_the_same_commit(ledger):
    report = replace(a_result(1, kind="SR"), destinations=("pacs",))
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        assert analyses.fail(tx, held, [report], reason="no pixels", now=NOW)
    _retry(ledger)
    again = claim(ledger, now=NOW + 100)
    other = replace(report, sop_instance_uid="2.25.2")
    with ledger.transaction() as tx:
        assert analyses.refuse(tx, again, [other], reason="blank", notes={}, now=NOW + 100)
    assert {each["sop_instance_uid"] for each in rows(ledger, result)} == {"2.25.1", "2.25.2"}
    assert {(each["sop_instance_uid"], each["destination"]) for each in rows(ledger, delivery)} == {
        ("2.25.1", "pacs"),
        ("2.25.2", "pacs"),
    }


def test_success_takes_the_reason_of_an_earlier_attempt_away(ledger):
    _put_back(ledger, a_claim(ledger))
    assert row(ledger, analysis)["error"] == "it broke"
    assert succeed(ledger, claim(ledger), a_result())
    assert row(ledger, analysis)["error"] is None


def _retry(ledger, study=STUDY, *, now=NOW + 100):
    with ledger.transaction() as tx:
        return analyses.retry_failed(tx, study, now=now)


def _fail(ledger, held):
    with ledger.transaction() as tx:
        assert analyses.fail(tx, held, reason="no memory", now=NOW)


def test_what_failed_is_tried_again_when_somebody_says_so(ledger):
    failed = a_claim(ledger)
    _fail(ledger, failed)
    assert _retry(ledger) == 1
    queued = row(ledger, analysis)
    assert (queued["state"], queued["attempts"], queued["available_at"]) == ("queued", 0, NOW + 100)
    assert (queued["hinted_at"], queued["ended_at"]) == (None, None)
    assert events(ledger)[-1] == Event.ANALYSIS_REQUEUED
    assert claim(ledger, now=NOW + 99) is None
    again = claim(ledger, now=NOW + 100)
    assert (again.attempts, again.fence) == (1, failed.fence + 1)
    assert not succeed(ledger, failed, a_result())
    assert succeed(ledger, again, a_result())


def test_only_what_failed_in_that_study_is_tried_again(ledger):
    succeed(ledger, a_claim(ledger), a_result())
    enter(ledger, an_instance(study="1.9"))
    queue(ledger, an_order(2), an_order(3, study="1.9"))
    elsewhere = [held for held in (claim(ledger), claim(ledger)) if held.study_instance_uid == "1.9"]
    _fail(ledger, *elsewhere)
    assert _retry(ledger) == 0
    assert _retry(ledger, "1.7") == 0
    states = {each["analysis_id"]: each["state"] for each in rows(ledger, analysis)}
    assert states == {"analysis-1": "succeeded", "analysis-2": "running", "analysis-3": "failed"}
    assert Event.ANALYSIS_REQUEUED not in events(ledger)


def test_only_a_lease_that_ran_out_is_expired(ledger):
    held = a_claim(ledger, lease_seconds=30)

    def expired(now):
        with ledger.snapshot() as tx:
            return analyses.with_expired_lease(tx, now=now)

    assert expired(NOW + 30) == []
    assert expired(NOW + 30.1) == [held]
    succeed(ledger, held, a_result())
    assert expired(NOW + 3000) == []


def test_a_hint_is_owed_until_it_is_sent_and_again_after_a_while(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order(1), an_order(2))
    assert _unhinted(ledger) == ["analysis-1", "analysis-2"]
    with ledger.transaction() as tx:
        analyses.mark_hinted(tx, ["analysis-1"], now=NOW)
    assert _unhinted(ledger, now=NOW + 4.9) == ["analysis-2"]
    assert _unhinted(ledger, now=NOW + 5) == ["analysis-1", "analysis-2"]


def test_no_hint_is_owed_for_what_runs_has_ended_or_is_to_wait(ledger):
    held = a_claim(ledger)
    assert _unhinted(ledger) == []
    _put_back(ledger, held, at=NOW + 5)
    assert _unhinted(ledger, now=NOW + 4) == []
    assert _unhinted(ledger, now=NOW + 5) == ["analysis-1"]
    succeed(ledger, claim(ledger, now=NOW + 5), a_result())
    assert _unhinted(ledger, now=NOW + 500) == []


def test_two_hundred_analyses_claimed_from_two_threads_are_each_claimed_once(ledger):
    enter(ledger, an_instance())
    queue(ledger, *(an_order(number) for number in range(200)))
    claimed, start = [], threading.Barrier(2)

    def claim_all(worker):
        start.wait()
        while held := claim(ledger, worker=worker):
            claimed.append(held.analysis_id)

    threads = [threading.Thread(target=claim_all, args=(f"host:{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 200
    assert {(each["state"], each["fence"]) for each in rows(ledger, analysis)} == {("running", 1)}


def test_a_result_of_a_uid_that_is_there_already_undoes_the_whole_commit(ledger):
    first = a_claim(ledger)
    assert succeed(ledger, first, a_result())
    queue(ledger, an_order(2))
    second = claim(ledger)
    with pytest.raises(IntegrityError):
        succeed(ledger, second, replace(a_result(1), key="elsewhere"))
    states = {each["analysis_id"]: each["state"] for each in rows(ledger, analysis)}
    assert states == {"analysis-1": "succeeded", "analysis-2": "running"}
    assert len(rows(ledger, result)) == 1
