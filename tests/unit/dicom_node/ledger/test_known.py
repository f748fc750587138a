import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger
from dicom_node.ledger.known import KnownInstances
from tests.unit.dicom_node.given import STUDY, an_instance, break_ledger, enter


@pytest.fixture
def known(ledger):
    made = KnownInstances(ledger)
    yield made
    made.close()


def _checked_out(ledger):
    return ledger._engine.pool.checkedout()


def test_the_key_of_an_instance_in_the_ledger_is_found_and_of_no_other(known, ledger):
    enter(ledger, an_instance())
    assert known.key_of(f"{STUDY}.1.1") == an_instance().key
    assert known.key_of(f"{STUDY}.1.2") is None
    assert known.key_of("' OR 1=1 --") is None


def test_what_was_committed_a_moment_ago_is_seen_whoever_wrote_it(known, ledger):
    """The connection stays open, and with it no view of how it once was."""
    other = Ledger(ledger.url)
    for number in range(1, 6):
        uid = f"{STUDY}.1.{number}"
        assert known.key_of(uid) is None
        enter(other if number % 2 else ledger, an_instance(number))
        assert known.key_of(uid) == an_instance(number).key
    other.close()


def test_it_keeps_no_writer_waiting(known, ledger):
    with ledger.transaction():
        assert known.key_of(f"{STUDY}.1.1") is None
    enter(ledger, an_instance())


def test_all_questions_go_over_one_connection(known, ledger):
    before = _checked_out(ledger)
    for number in range(20):
        known.key_of(f"1.2.{number}")
    assert _checked_out(ledger) == before + 1


def test_many_threads_ask_at_once_and_each_gets_its_own_answer(known, ledger):
    for number in range(1, 9):
        enter(ledger, an_instance(number))
    start = threading.Barrier(8)

    def ask(number):
        start.wait()
        return {known.key_of(f"{STUDY}.1.{number}") for _ in range(200)}

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(1, 9)))
    assert answers == [{an_instance(number).key} for number in range(1, 9)]


def test_a_ledger_that_broke_before_the_first_question_is_away(known, ledger):
    break_ledger(ledger)
    with pytest.raises(LedgerAway, match="does not answer: file is not a database"):
        known.key_of("1.2.3")


def test_a_connection_that_broke_is_let_go_of_and_the_next_question_has_a_new_one(known, ledger):
    enter(ledger, an_instance())
    assert known.key_of("1.2.3") is None
    known._connection.driver_connection.close()  # as a driver does whose line broke
    with pytest.raises(LedgerAway, match="does not answer"):
        known.key_of(f"{STUDY}.1.1")
    assert known.key_of(f"{STUDY}.1.1") == an_instance().key
    assert _checked_out(ledger) == 1


def test_a_ledger_whose_table_is_gone_is_away_and_no_error_of_the_driver(known, ledger):
    with sqlite3.connect(ledger.url.removeprefix("sqlite:///")) as raw:
        raw.execute("DROP TABLE instance")
    with pytest.raises(LedgerAway):
        known.key_of("1.2.3")


def test_closing_gives_the_connection_back_however_often(known, ledger):
    before = len(list(Path("/proc/self/fd").iterdir()))
    known.key_of("1.2.3")
    known.close()
    known.close()
    assert _checked_out(ledger) == 0
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
