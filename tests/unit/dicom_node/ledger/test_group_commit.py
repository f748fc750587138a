import logging
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, group_commit, instances
from dicom_node.ledger.group_commit import GroupCommit
from dicom_node.ledger.instances import Arrival
from dicom_node.ledger.schema import instance
from tests.unit.dicom_node.given import NOW, STUDY, an_instance, break_ledger, rows

LONG = 60.0  # so long that only ``flush`` and ``close`` enter anything


@pytest.fixture
def gathering(ledger):
    """Makes a GroupCommit, closed with the test."""
    made = []

    def make(**options):
        made.append(GroupCommit(ledger, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def away(ledger, monkeypatch):
    """The ledger takes nothing while ``is_away`` is set; counts who tried."""

    class Away:
        def __init__(self):
            self.is_away = True
            self.tries = 0
            self._real = ledger.transaction

        @contextmanager
        def transaction(self):
            self.tries += 1
            if self.is_away:
                raise LedgerAway("database is locked")
            with self._real() as tx:
                yield tx

    made = Away()
    monkeypatch.setattr(ledger, "transaction", made.transaction)
    return made


def _nothing():
    pass


def _arrival(number=1, **about):
    return Arrival(instance=an_instance(number, **about), calling_ae_title="CR_ROOM_2", received_at=NOW)


def _until(holds):
    ends_at = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends_at, "it did not come true"
        time.sleep(0.002)


def _entered(ledger):
    return sorted(str(row["sop_instance_uid"]) for row in rows(ledger, instance))


def _commits(ledger, monkeypatch):
    commits, real = [], ledger.transaction

    @contextmanager
    def counted():
        with real() as tx:
            yield tx
        commits.append(time.monotonic())

    monkeypatch.setattr(ledger, "transaction", counted)
    return commits


# --- entered --------------------------------------------------------------------------------------------


def test_a_row_follows_by_itself_a_moment_later(gathering, ledger):
    group, entered = gathering(gather_seconds=0.05), threading.Event()
    group.add(_arrival(), when_entered=entered.set)
    assert _entered(ledger) == []
    assert entered.wait(10)
    assert _entered(ledger) == [f"{STUDY}.1.1"]
    with ledger.snapshot() as tx:
        assert instances.find(tx, f"{STUDY}.1.1") == an_instance()


def test_the_usual_moment_is_short():
    """Whoever looks, or asks for storage commitment, behind the last instance waits no longer."""
    assert 0 < group_commit.GATHER_SECONDS <= 0.5


def test_those_of_one_moment_share_one_commit(gathering, ledger, monkeypatch):
    commits = _commits(ledger, monkeypatch)
    group, told = gathering(gather_seconds=1.0), []
    for number in range(1, 51):
        group.add(_arrival(number), when_entered=lambda: told.append(1))
    _until(lambda: len(told) == 50)
    assert len(commits) == 1
    assert len(_entered(ledger)) == 50


def test_one_after_the_other_is_entered_for_as_long_as_it_runs(gathering, ledger):
    group = gathering(gather_seconds=0.0)
    for number in range(1, 6):
        entered = threading.Event()
        group.add(_arrival(number), when_entered=entered.set)
        assert entered.wait(10), number
    assert len(_entered(ledger)) == 5


def test_it_is_told_only_when_the_row_is_committed(gathering, ledger):
    """Seen from another connection: that of a reader, at the moment it is told."""
    group, seen = gathering(gather_seconds=LONG), []
    other = Ledger(ledger.url)
    group.add(_arrival(), when_entered=lambda: seen.append(_entered(other)))
    group.flush()
    other.close()
    assert seen == [[f"{STUDY}.1.1"]]


def test_whoever_asks_finds_the_key_in_what_waits_or_in_the_ledger_at_every_moment(gathering, ledger):
    """It leaves what waits only after the ledger has it: nobody takes it for unknown in between."""
    group, known = gathering(gather_seconds=LONG), []

    def look():
        known.append((group.waiting_key(f"{STUDY}.1.1"), _entered(ledger)))

    group.add(_arrival(), when_entered=look)
    assert group.waiting_key(f"{STUDY}.1.1") == an_instance().key
    group.flush()
    assert known == [(an_instance().key, [f"{STUDY}.1.1"])]
    assert group.waiting_key(f"{STUDY}.1.1") is None
    assert group.waiting_key("1.2.3") is None


def test_one_uid_is_entered_once_and_told_each_time(gathering, ledger):
    group, told = gathering(gather_seconds=LONG), []
    for _ in range(2):
        group.add(_arrival(), when_entered=lambda: told.append(1))
        group.flush()
    assert len(told) == 2
    assert len(_entered(ledger)) == 1


def test_what_comes_during_a_commit_is_entered_by_the_next_one(gathering, ledger, monkeypatch):
    is_committing, go, real = threading.Event(), threading.Event(), ledger.transaction

    @contextmanager
    def held():
        with real() as tx:
            yield tx
            is_committing.set()
            assert go.wait(10)

    monkeypatch.setattr(ledger, "transaction", held)
    group = gathering(gather_seconds=0.0)
    group.add(_arrival(1), when_entered=_nothing)
    assert is_committing.wait(10)
    for number in range(2, 6):
        group.add(_arrival(number), when_entered=_nothing)
    go.set()
    _until(lambda: len(_entered(ledger)) == 5)
    _until(lambda: group.waiting_key(f"{STUDY}.1.5") is None)


def test_many_threads_at_once_are_all_entered_in_fewer_commits(gathering, ledger, monkeypatch):
    commits = _commits(ledger, monkeypatch)
    group, told = gathering(), []
    start = threading.Barrier(16)

    def add(thread):
        start.wait()
        for number in range(10):
            group.add(_arrival(thread * 100 + number), when_entered=lambda: told.append(1))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add, range(16)))
    _until(lambda: len(told) == 160)
    assert len(_entered(ledger)) == 160
    assert len(commits) < 40


@pytest.mark.parametrize("moment", ["gathering", "later"])
def test_it_goes_on_after_somebody_else_took_all_that_waited(gathering, ledger, moment):
    """As an adoption does: the thread finds nothing, and that is no reason to end."""
    group, entered = gathering(gather_seconds=0.02), threading.Event()
    group.add(_arrival(1), when_entered=_nothing)
    group.flush()
    if moment == "later":
        time.sleep(0.1)
    group.add(_arrival(2), when_entered=entered.set)
    assert entered.wait(10)
    time.sleep(0.05)
    assert not group.has_ended
    group.require_not_behind()


# --- the ledger is away ---------------------------------------------------------------------------------


def test_while_the_ledger_is_away_they_wait_and_their_rows_follow_when_it_is_back(
    gathering, ledger, away, monkeypatch, caplog
):
    monkeypatch.setattr(group_commit, "TRY_AGAIN_SECONDS", 0.02)
    group, told = gathering(gather_seconds=0.0), []
    for number in (1, 2):
        group.add(_arrival(number), when_entered=lambda: told.append(1))
    _until(lambda: away.tries > 3)
    assert told == _entered(ledger) == []
    assert group.waiting_key(f"{STUDY}.1.1") == an_instance().key
    with pytest.raises(LedgerAway, match="database is locked"):
        group.require_not_behind()
    away.is_away = False
    _until(lambda: len(told) == 2)
    assert len(_entered(ledger)) == 2
    group.require_not_behind()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]  # said once, not each time


def test_a_ledger_that_is_away_is_not_asked_without_a_pause(gathering, away):
    group = gathering(gather_seconds=0.0)
    group.add(_arrival(), when_entered=_nothing)
    time.sleep(0.3)
    assert 1 <= away.tries <= 2


def test_whoever_flushes_is_told_that_the_ledger_is_away_and_nothing_is_lost(gathering, ledger, away):
    group = gathering(gather_seconds=LONG)
    group.add(_arrival(), when_entered=_nothing)
    with pytest.raises(LedgerAway, match="database is locked"):
        group.flush()
    assert group.waiting_key(f"{STUDY}.1.1") is not None
    away.is_away = False
    group.flush()
    assert len(_entered(ledger)) == 1
    group.require_not_behind()


def test_telling_a_thousand_that_the_ledger_is_away_holds_nothing_of_them(gathering, away):
    """An error that is raised again and again collects the frames it went through, and all they hold."""
    group = gathering(gather_seconds=LONG)
    group.add(_arrival(), when_entered=_nothing)
    with pytest.raises(LedgerAway):
        group.flush()
    for _ in range(1000):
        with pytest.raises(LedgerAway) as caught:
            group.require_not_behind()
    assert len(traceback.extract_tb(caught.value.__traceback__)) < 5
    assert caught.value.__context__ is caught.value.__cause__ is None


def test_a_ledger_that_broke_is_away(gathering, ledger):
    group = gathering(gather_seconds=LONG)
    break_ledger(ledger)
    group.add(_arrival(), when_entered=_nothing)
    with pytest.raises(LedgerAway):
        group.flush()


def test_when_too_many_wait_no_more_may_come(gathering, monkeypatch):
    monkeypatch.setattr(group_commit, "MOST_WAITING", 3)
    group = gathering(gather_seconds=LONG)
    for number in range(1, 3):
        group.add(_arrival(number), when_entered=_nothing)
        group.require_not_behind()
    group.add(_arrival(3), when_entered=_nothing)
    with pytest.raises(LedgerAway, match="3 instances wait for their rows in the ledger"):
        group.require_not_behind()
    group.flush()
    group.require_not_behind()


# --- the end --------------------------------------------------------------------------------------------


def test_closing_enters_what_waits_and_ends_the_thread(ledger):
    group, told = GroupCommit(ledger, gather_seconds=LONG), []
    for number in range(1, 4):
        group.add(_arrival(number), when_entered=lambda: told.append(1))
    begun = time.monotonic()
    group.close()
    assert time.monotonic() - begun < 5
    assert len(told) == len(_entered(ledger)) == 3
    assert group.has_ended
    group.close()


def test_closing_while_the_ledger_is_away_waits_for_nothing_and_tells_nobody(ledger, away):
    group, told = GroupCommit(ledger, gather_seconds=LONG), []
    group.add(_arrival(), when_entered=lambda: told.append(1))
    begun = time.monotonic()
    group.close()
    assert time.monotonic() - begun < 1.0
    assert told == []
    assert group.has_ended


def test_what_comes_after_the_end_is_refused_and_what_slips_in_stays_unentered(ledger):
    """An association that is still open at the end: its last instance keeps its mark, for the next start."""
    group, told = GroupCommit(ledger), []
    group.close()
    with pytest.raises(LedgerAway, match="the process is ending"):
        group.require_not_behind()
    group.add(_arrival(), when_entered=lambda: told.append(1))
    assert (told, _entered(ledger)) == ([], [])


def test_an_unforeseen_error_ends_it_for_good(ledger, monkeypatch):
    """Whoever supervises starts the process again; until then nobody is let in, whatever else succeeds."""
    group, told, raised = GroupCommit(ledger, gather_seconds=0.0), [], []
    monkeypatch.setattr(threading, "excepthook", lambda about: raised.append(about.exc_type))
    real = instances.enter_all

    def fail(tx, arrivals):
        real(tx, arrivals)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(instances, "enter_all", fail)
        group.add(_arrival(), when_entered=lambda: told.append(1))
        _until(lambda: group.has_ended)
    assert raised == [ZeroDivisionError]
    assert told == _entered(ledger) == []  # undone, and nobody took it for entered
    group.flush()
    with pytest.raises(LedgerAway, match="the process is ending"):
        group.require_not_behind()
    group.close()
