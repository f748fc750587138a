import threading
import time
from dataclasses import replace

import pytest

from dicom_node.events import Event
from dicom_node.ledger import commitments
from dicom_node.ledger.schema import commitment
from dicom_node.scp.storage_commitment import reporter as module
from dicom_node.scp.storage_commitment.new_association import Listener
from dicom_node.scp.storage_commitment.reporter import LEASE_SECONDS, Duties, Reporter
from tests.unit.dicom_node.given import (
    CR_IMAGE,
    NOW,
    a_data_set,
    a_file,
    an_instance,
    break_ledger,
    enter,
    events,
    row,
    rows,
)
from tests.unit.dicom_node.scp.storage_commitment.given import CT1

LISTENER = Listener(ae_title="CT1", our_ae_title="OUR_NODE", address="127.0.0.1", port=4)
HELD = commitments.Reference(sop_class_uid=CR_IMAGE, sop_instance_uid=an_instance().sop_instance_uid)
ANOTHER = replace(HELD, sop_instance_uid="1.2.3.4")


class _Same:
    """The association a request came on; says ``error`` to each report."""

    def __init__(self, error=None):
        self._error = error
        self.reports = []

    def report(self, report):
        self.reports.append(report)
        return self._error


@pytest.fixture
def here(ledger, spool, monkeypatch):
    """A reporter whose clock stands where ``here.now`` says, and whose calls to listeners are ``here.calls``."""
    monkeypatch.setattr(module, "RELEASE_WITHIN_SECONDS", 0.01)
    monkeypatch.setattr(module, "LOOK_AGAIN_SECONDS", 0.01)
    made = _Here(ledger, spool, monkeypatch)
    yield made
    made.reporter.close()


class _Here:
    def __init__(self, ledger, spool, monkeypatch):
        self.ledger, self.spool = ledger, spool
        self.now = NOW
        self.listener = None
        self.calls = []
        self.answers = []
        monkeypatch.setattr(module, "report_on_new", self._call)
        self.reporter = Reporter(
            Duties(
                ledger=ledger,
                spool=spool,
                sop_classes=[CR_IMAGE],
                listener_of=lambda requester: self.listener,
                clock=lambda: self.now,
            )
        )
        self.now += 10  # what is not here by now will not come

    def keep(self, number=1):
        path = a_file(self.spool.path(an_instance(number).key), a_data_set(number))
        enter(self.ledger, replace(an_instance(number), size_bytes=path.stat().st_size))

    def ask(self, *references, transaction_uid="2.25.1", requester=CT1):
        with self.ledger.transaction() as tx:
            return commitments.enter(
                tx,
                transaction_uid=transaction_uid,
                requester=requester,
                references=references or (HELD,),
                now=self.now - 5,
                due_at=self.now,
            )

    def settle(self, holds):
        deadline = time.monotonic() + 5
        while not holds():
            assert time.monotonic() < deadline, "it did not come to hold"
            time.sleep(0.005)

    def _call(self, listener, reports):
        self.calls.append((listener, list(reports)))
        for _ in reports:
            yield self.answers.pop(0) if self.answers else None


def test_a_report_goes_out_on_the_association_of_its_request(here):
    here.keep()
    same = _Same()
    here.reporter.expect(here.ask(), "CT1", same)
    here.settle(lambda: events(here.ledger)[-1:] == [Event.COMMITMENT_REPORTED])
    (report,) = same.reports
    assert (report.held, report.failed, here.calls) == ((HELD,), (), [])


def test_where_that_has_ended_the_listener_is_called(here):
    here.keep()
    here.listener = LISTENER
    here.reporter.expect(here.ask(), "CT1", _Same("ended"))
    here.settle(lambda: events(here.ledger)[-1:] == [Event.COMMITMENT_REPORTED])
    ((listener, (report,)),) = here.calls
    assert (listener, report.held) == (LISTENER, (HELD,))


def test_reports_to_one_requester_share_an_association(here):
    here.listener = LISTENER
    here.keep()
    for number in (1, 2, 3):
        here.ask(transaction_uid=f"2.25.{number}")
    here.reporter.see_to_all()
    here.settle(lambda: events(here.ledger).count(Event.COMMITMENT_REPORTED) == 3)
    assert [len(reports) for _, reports in here.calls] == [3]


def test_without_a_listener_the_remedy_is_said_and_it_stays_owed(here):
    here.keep()
    here.reporter.expect(here.ask(), "CT1", _Same("the requester answered the report with 0110"))
    here.settle(lambda: events(here.ledger)[-1:] == [Event.COMMITMENT_POSTPONED])
    owed = row(here.ledger, commitment)
    assert "answered the report with 0110" in owed["error"] and "set commitment_port" in owed["error"]
    assert owed["ended_at"] is None
    assert here.calls == []


def test_a_requester_that_is_away_is_called_later_and_later(here):
    here.keep()
    here.listener = LISTENER
    here.answers = ["away"] * 12
    here.ask()
    waits = []
    for attempt in range(1, 12):
        here.reporter.see_to_all()
        here.settle(lambda attempt=attempt: len(here.calls) == attempt)
        here.settle(lambda: row(here.ledger, commitment)["next_attempt_at"] < here.now + LEASE_SECONDS + 1)
        here.settle(lambda: not here.reporter._working)
        waits.append(row(here.ledger, commitment)["next_attempt_at"] - here.now)
        here.now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert events(here.ledger).count(Event.COMMITMENT_POSTPONED) == 1


def test_what_does_not_come_is_said_not_to_be_held(here):
    here.keep()
    same = _Same()
    here.reporter.expect(here.ask(HELD, ANOTHER), "CT1", same)
    here.settle(lambda: len(same.reports) == 1)
    (report,) = same.reports
    assert report.held == (HELD,)
    assert [(each, int(reason)) for each, reason in report.failed] == [(ANOTHER, 0x0112)]


def test_a_row_that_follows_its_file_is_waited_for(here):
    here.now -= 9.5
    same = _Same()
    here.reporter.expect(here.ask(), "CT1", same)
    time.sleep(0.2)
    assert same.reports == []
    here.keep()
    here.settle(lambda: len(same.reports) == 1)
    assert same.reports[0].held == (HELD,)


def test_one_requester_that_hangs_keeps_nobody_else_waiting(here):
    here.keep()
    go_on = threading.Event()
    hanging = _Same()
    hanging.report = lambda report: go_on.wait(10) and None
    here.reporter.expect(here.ask(), "CT1", hanging)
    other = replace(CT1, calling_ae_title="CT2")
    same = _Same()
    here.reporter.expect(here.ask(transaction_uid="2.25.2", requester=other), "CT2", same)
    here.settle(lambda: len(same.reports) == 1)
    assert len(here.reporter._working) >= 1
    go_on.set()
    here.settle(lambda: not here.reporter._working)


def test_no_more_threads_than_so_many(here, monkeypatch):
    monkeypatch.setattr(module, "REPORTERS_AT_MOST", 2)
    monkeypatch.setattr(module, "RELEASE_WITHIN_SECONDS", 30)
    for number in range(5):
        here.reporter.see_to(f"CT{number}")
    assert set(here.reporter._working) == {"CT0", "CT1"}


def test_a_ledger_that_is_away_ends_the_thread_and_the_next_look_begins_another(here, caplog):
    here.keep()
    break_ledger(here.ledger)
    here.reporter.see_to("CT1")
    here.settle(lambda: not here.reporter._working)
    assert "commitment reports wait" in caplog.text


def test_after_close_nothing_is_begun(here):
    here.keep()
    here.ask()
    here.reporter.close()
    here.reporter.see_to_all()
    time.sleep(0.05)
    assert rows(here.ledger, commitment)[0]["attempts"] == 0
