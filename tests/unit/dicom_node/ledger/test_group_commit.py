import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.ledger import instances
from dicom_node.ledger.group_commit import GroupCommit
from dicom_node.ledger.schema import instance
from tests.unit.dicom_node.given import NOW, STUDY, an_instance, break_ledger, rows


@pytest.fixture
def group(ledger) -> GroupCommit:
    return GroupCommit(ledger, lambda: NOW)


class Held:
    """The ledger's commits, counted; the first waits until ``release``, so that the others gather behind it."""

    def __init__(self, ledger, monkeypatch):
        self.commits = 0
        self.is_committing = threading.Event()
        self._go = threading.Event()
        self._real = ledger.transaction
        monkeypatch.setattr(ledger, "transaction", self._transaction)

    @contextmanager
    def _transaction(self):
        self.commits += 1
        with self._real() as tx:
            yield tx
            self.is_committing.set()
            assert self._go.wait(10)

    def release(self):
        self._go.set()


def _together(group, held, received):
    """Enters the first, and while it commits all the others; what each was answered, error or not, in order."""

    def enter(each):
        try:
            return group.enter(each, calling_ae_title="CR_ROOM_2")
        except (LedgerAway, ZeroDivisionError) as error:
            return error

    with ThreadPoolExecutor(len(received)) as pool:
        first = pool.submit(enter, received[0])
        assert held.is_committing.wait(10)
        others = []
        for place, each in enumerate(received[1:], start=1):
            others.append(pool.submit(enter, each))
            while len(group._waiting) < place:  # they gather in this order
                threading.Event().wait(0.001)
        held.release()
        return [first.result(10), *(other.result(10) for other in others)]


def test_what_was_entered_is_there_when_it_returns(group, ledger):
    assert group.enter(an_instance(), calling_ae_title="CR_ROOM_2") is True
    with ledger.snapshot() as tx:
        assert instances.find(tx, f"{STUDY}.1.1") == an_instance()


def test_a_known_uid_is_not_new(group):
    assert [group.enter(an_instance(), calling_ae_title="A") for _ in range(2)] == [True, False]


def test_those_who_come_during_a_commit_share_the_next_one(group, ledger, monkeypatch):
    held = Held(ledger, monkeypatch)
    answers = _together(group, held, [an_instance(number) for number in range(1, 17)])
    assert answers == [True] * 16
    assert held.commits == 2
    assert len(rows(ledger, instance)) == 16


def test_one_uid_twice_in_one_group_is_new_exactly_once(group, ledger, monkeypatch):
    held = Held(ledger, monkeypatch)
    answers = _together(group, held, [an_instance(1), *(an_instance(2) for _ in range(5))])
    assert answers[0] is True
    assert sorted(answers[1:]) == [False] * 4 + [True]
    assert len(rows(ledger, instance)) == 2


def test_many_threads_at_once_are_all_entered_in_fewer_commits(group, ledger, monkeypatch):
    commits, real = [], ledger.transaction

    @contextmanager
    def counted():
        commits.append(1)
        with real() as tx:
            yield tx

    monkeypatch.setattr(ledger, "transaction", counted)
    start = threading.Barrier(16)

    def enter(thread):
        start.wait()
        return [group.enter(an_instance(thread * 100 + number), calling_ae_title="A") for number in range(10)]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(enter, range(16)))
    assert answers == [[True] * 10] * 16
    assert len(rows(ledger, instance)) == 160
    assert len(commits) < 160


def test_a_ledger_that_is_away_is_told_to_everybody_in_the_group(group, ledger, monkeypatch):
    held = Held(ledger, monkeypatch)
    real = instances.enter

    def enter(tx, received, **about):
        if received == an_instance(3):
            raise LedgerAway("database is locked")
        return real(tx, received, **about)

    monkeypatch.setattr(instances, "enter", enter)
    first, *others = _together(group, held, [an_instance(number) for number in range(1, 6)])
    assert first is True
    assert [type(each) for each in others] == [LedgerAway] * 4
    assert [held["sop_instance_uid"] for held in rows(ledger, instance)] == [f"{STUDY}.1.1"]


def test_nobody_takes_for_entered_what_an_unforeseen_error_undid(group, ledger, monkeypatch):
    held = Held(ledger, monkeypatch)
    real = instances.enter

    def enter(tx, received, **about):
        if received == an_instance(4):
            raise ZeroDivisionError
        return real(tx, received, **about)

    monkeypatch.setattr(instances, "enter", enter)
    first, *others = _together(group, held, [an_instance(number) for number in range(1, 6)])
    assert first is True
    assert sorted(type(each).__name__ for each in others) == ["LedgerAway"] * 3 + ["ZeroDivisionError"]
    assert len(rows(ledger, instance)) == 1


def test_after_a_failure_the_next_is_entered(group, ledger, monkeypatch):
    @contextmanager
    def away():
        raise LedgerAway("database is locked")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", away)
        with pytest.raises(LedgerAway):
            group.enter(an_instance(), calling_ae_title="A")
    assert rows(ledger, instance) == []
    assert group.enter(an_instance(), calling_ae_title="A") is True


def test_a_ledger_that_broke_is_away(group, ledger):
    break_ledger(ledger)
    with pytest.raises(LedgerAway):
        group.enter(an_instance(), calling_ae_title="A")
