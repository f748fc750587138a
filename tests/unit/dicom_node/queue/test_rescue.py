from dicom_node.events import Event
from dicom_node.ledger.schema import analysis
from dicom_node.queue.rescue import rescue_abandoned
from tests.unit.dicom_node.given import NOW, a_claim, a_result, claim, events, row, succeed


def test_a_worker_that_is_heard_of_keeps_its_analysis(ledger):
    a_claim(ledger, lease_seconds=30)
    assert rescue_abandoned(ledger, attempts_at_most=3, now=NOW + 30) == 0
    assert row(ledger, analysis)["state"] == "running"


def test_a_dead_workers_analysis_goes_to_the_next(ledger):
    dead = a_claim(ledger, lease_seconds=30)
    assert rescue_abandoned(ledger, attempts_at_most=3, now=NOW + 31) == 1
    back = row(ledger, analysis)
    assert (back["state"], back["available_at"], back["hinted_at"]) == ("queued", NOW + 31, None)
    assert back["error"] == "the worker of attempt 1 died or hung"
    assert events(ledger)[-1] == Event.ANALYSIS_RESCUED
    second = claim(ledger, now=NOW + 31)
    assert (second.attempts, second.fence) == (2, dead.fence + 1)
    assert not succeed(ledger, dead, a_result())  # it was not dead, only stopped
    assert succeed(ledger, second, a_result())


def test_it_fails_when_that_happens_too_often(ledger):
    a_claim(ledger, lease_seconds=30)
    now = NOW
    for attempt in (1, 2, 3):
        now += 31
        assert rescue_abandoned(ledger, attempts_at_most=3, now=now) == 1
        assert (claim(ledger, now=now) is None) == (attempt == 3)
    failed = row(ledger, analysis)
    assert (failed["state"], failed["attempts"]) == ("failed", 3)
    assert failed["error"] == "its worker died or hung in each of 3 attempts"
    assert events(ledger)[-1] == Event.ANALYSIS_FAILED
    assert rescue_abandoned(ledger, attempts_at_most=3, now=now + 100) == 0
