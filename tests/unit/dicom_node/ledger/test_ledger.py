import sqlite3
import threading

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from dicom_node.errors import LedgerAway, LedgerUnusable
from dicom_node.ledger import Ledger, dialect
from dicom_node.ledger.schema import SCHEMA_VERSION, metadata, process, schema_version
from tests.unit.dicom_node.given import NOW, break_ledger, rows

A_PROCESS = {"process": "h:1", "kind": "work", "started_at": NOW, "seen_at": NOW, "state": "idle"}


def test_is_made_on_first_use_with_its_folder_and_all_tables(tmp_path):
    path = tmp_path / "a place" / "ledger.sqlite3"
    Ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as raw:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == set(metadata.tables)


def test_what_was_committed_is_there_when_it_is_opened_again(ledger):
    with ledger.transaction() as tx:
        tx.execute(insert(process).values(**A_PROCESS))
    ledger.close()
    again = Ledger(ledger.url)
    assert rows(again, process) == [A_PROCESS]
    assert rows(again, schema_version) == [{"version": SCHEMA_VERSION}]
    again.close()


def test_a_block_that_raised_is_undone(ledger):
    with pytest.raises(ZeroDivisionError), ledger.transaction() as tx:
        tx.execute(insert(process).values(**A_PROCESS))
        raise ZeroDivisionError
    assert rows(ledger, process) == []


def test_another_version_of_the_schema_is_refused_with_a_sentence_and_left_alone(ledger):
    with ledger.transaction() as tx:
        tx.execute(update(schema_version).values(version=99))
    ledger.close()
    with pytest.raises(
        LedgerUnusable, match=f"is of schema 99, this node needs {SCHEMA_VERSION}: start the version"
    ):
        Ledger(ledger.url)
    with sqlite3.connect(ledger.url.removeprefix("sqlite:///")) as raw:
        assert raw.execute("SELECT version FROM schema_version").fetchall() == [(99,)]


def test_a_file_that_is_no_ledger_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"something else " * 1000)
    with pytest.raises(LedgerUnusable, match=r"ledger\.sqlite3 cannot be opened: file is not a database$"):
        Ledger(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LedgerUnusable, match="cannot be opened: "):
        Ledger(f"sqlite:///{tmp_path}/file/ledger.sqlite3")


def test_a_snapshot_does_not_block_a_writer_and_sees_one_moment(ledger):
    with ledger.snapshot() as view:
        assert view.scalars(select(process.c.process)).all() == []
        with ledger.transaction() as tx:
            tx.execute(insert(process).values(**A_PROCESS))
        assert view.scalars(select(process.c.process)).all() == []
    assert rows(ledger, process) == [A_PROCESS]


def test_a_writer_does_not_block_a_snapshot(ledger):
    with ledger.transaction() as tx:
        tx.execute(insert(process).values(**A_PROCESS))
        assert rows(ledger, process) == []


def test_writers_wait_for_each_other(ledger):
    first_is_in, order = threading.Event(), []

    def first():
        with ledger.transaction():
            first_is_in.set()
            second_waits.wait(0.1)
            order.append("first")

    second_waits = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    assert first_is_in.wait(5)
    with ledger.transaction():
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_a_lock_held_too_long_is_the_ledger_away(tmp_path, monkeypatch):
    monkeypatch.setattr(dialect, "BUSY_MILLISECONDS", 50)
    ledger = Ledger(f"sqlite:///{tmp_path}/l.sqlite3")
    locked = pytest.raises(LedgerAway, match="did not take an entry: database is locked")
    with ledger.transaction(), locked, ledger.transaction():
        pytest.fail("two writers at once")
    ledger.close()


def test_a_disk_that_broke_is_the_ledger_away_for_writers_and_readers(ledger):
    break_ledger(ledger)
    with (
        pytest.raises(LedgerAway, match="did not take an entry: file is not a database"),
        ledger.transaction(),
    ):
        pytest.fail("there is no ledger")
    with pytest.raises(LedgerAway, match="does not answer: file is not a database"), ledger.snapshot():
        pytest.fail("there is no ledger")


def test_a_fault_of_ours_is_not_the_ledger_away(ledger):
    with pytest.raises(IntegrityError), ledger.transaction() as tx:
        tx.execute(insert(process).values(**A_PROCESS))
        tx.execute(insert(process).values(**A_PROCESS))
    assert rows(ledger, process) == []


# --- the driver's own -----------------------------------------------------------------------------------


def test_a_connection_of_the_driver_answers_and_is_set_up_as_all_are(ledger):
    connection = ledger.driver_connection()
    assert connection.cursor().execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.cursor().execute("SELECT version FROM schema_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_its_errors_are_those_that_are_named(ledger):
    connection = ledger.driver_connection()
    assert ledger.driver_errors is sqlite3.Error
    with pytest.raises(ledger.driver_errors):
        connection.cursor().execute("SELECT nothing FROM nowhere")
    connection.close()


def test_a_disk_that_broke_gives_no_connection_of_the_driver(ledger):
    break_ledger(ledger)
    with pytest.raises(LedgerAway, match="does not answer: file is not a database"):
        ledger.driver_connection()
