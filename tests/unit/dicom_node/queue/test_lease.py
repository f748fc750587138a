import logging
import threading
import time
from contextlib import contextmanager

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.events import Event
from dicom_node.ledger import analyses
from dicom_node.ledger.schema import analysis
from dicom_node.queue.lease import Lease
from tests.unit.dicom_node.given import NOW, a_claim, row


def _until(holds, *, within_seconds: float = 5.0) -> None:
    ends_at = time.monotonic() + within_seconds
    while not holds():
        assert time.monotonic() < ends_at, "it did not come true"
        time.sleep(0.01)


def _renewals() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "lease"]


def test_the_lease_is_renewed_while_the_work_lasts_and_no_longer(ledger):
    held = a_claim(ledger)
    ends: list[float] = []

    def renewed() -> bool:
        ends.append(row(ledger, analysis)["lease_until"])
        return len(set(ends)) > 3

    with Lease(ledger, held, lease_seconds=0.06):
        _until(renewed)
    assert _renewals() == []
    assert ends == sorted(ends)
    last = row(ledger, analysis)["lease_until"]
    time.sleep(0.1)
    assert row(ledger, analysis)["lease_until"] == last
    assert last <= time.time() + 0.06


def test_it_stops_when_the_analysis_was_taken(ledger, caplog):
    held = a_claim(ledger)
    with Lease(ledger, held, lease_seconds=0.06):
        with ledger.transaction() as tx:
            analyses.put_back(tx, held, reason="", available_at=NOW, event=Event.ANALYSIS_RESCUED, now=NOW)
        _until(lambda: not _renewals())
        assert f"analysis {held.analysis_id} was taken from this worker" in caplog.text
    assert row(ledger, analysis)["lease_until"] is None


def test_a_ledger_that_is_away_for_a_moment_does_not_end_it(ledger, monkeypatch, caplog):
    held, real, troubles = a_claim(ledger), ledger.transaction, [LedgerAway("locked")] * 2
    caplog.set_level(logging.WARNING)

    @contextmanager
    def sometimes_away():
        if troubles:
            raise troubles.pop()
        with real() as tx:
            yield tx

    monkeypatch.setattr(ledger, "transaction", sometimes_away)
    with Lease(ledger, held, lease_seconds=0.06):
        _until(lambda: row(ledger, analysis)["lease_until"] > NOW + 1000)
    assert caplog.text.count("a lease could not be renewed: locked") == 2


def test_an_error_in_the_work_ends_the_lease_and_is_not_hidden(ledger):
    with pytest.raises(ZeroDivisionError), Lease(ledger, a_claim(ledger), lease_seconds=30):
        raise ZeroDivisionError
    assert _renewals() == []
