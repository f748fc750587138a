import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from dicom_node import process as module
from dicom_node.errors import BrokerAway, LedgerAway
from dicom_node.ledger.processes import SILENT_AFTER_SECONDS
from dicom_node.ledger.schema import process as table
from dicom_node.process import BEAT_SECONDS, Process, is_running, name_of_process
from tests.unit.dicom_node.given import row, rows


class _Hasty(threading.Event):
    """Waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def _hasty(ledger) -> Process:
    process = Process(ledger, "steward")
    process.stop = _Hasty()
    return process


def test_a_process_is_in_the_ledger_for_as_long_as_it_lasts(ledger):
    before = time.time()
    with Process(ledger, "receive") as process:
        found = row(ledger, table)
        assert found["process"] == process.name
        assert process.name == name_of_process(os.getpid())
        assert process.name.startswith(f"{socket.gethostname()}:{os.getpid()}")
        assert (found["kind"], found["state"]) == ("receive", "starting")
        assert before <= found["started_at"] <= found["seen_at"] <= time.time()
        process.say("listening on 127.0.0.1:104")
        assert row(ledger, table)["state"] == "listening on 127.0.0.1:104"
    assert rows(ledger, table) == []


def test_it_leaves_also_when_it_breaks(ledger):
    with pytest.raises(ZeroDivisionError), Process(ledger, "receive"):
        raise ZeroDivisionError
    assert rows(ledger, table) == []


def test_it_is_heard_of_again_and_again(ledger, monkeypatch):
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.01)
    with Process(ledger, "receive"):
        first, ends_at = row(ledger, table)["seen_at"], time.monotonic() + 5
        while row(ledger, table)["seen_at"] == first:
            assert time.monotonic() < ends_at
            time.sleep(0.01)
    assert not [thread for thread in threading.enumerate() if thread.name == "beat"]


def test_one_missed_beat_is_not_death():
    assert SILENT_AFTER_SECONDS >= 3 * BEAT_SECONDS


def test_a_ledger_that_is_away_ends_no_process(ledger, monkeypatch, caplog):
    @contextmanager
    def away():
        raise LedgerAway("database is locked")
        yield

    with Process(ledger, "receive") as process, monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", away)
        process.say("still here")
    assert "no heartbeat: database is locked" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(ledger, number):
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        process = Process(ledger, "receive")
        process.stop_on_signals()
        os.kill(os.getpid(), number)
        assert process.stop.wait(5)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_a_step_is_repeated_until_it_is_stopped(ledger):
    process, taken = _hasty(ledger), []

    def step():
        taken.append(1)
        if len(taken) == 5:
            process.stop.set()

    process.repeat(step, every_seconds=0.2)
    assert len(taken) == 5


def test_no_error_ends_the_loop(ledger, caplog):
    process = _hasty(ledger)
    errors = [
        LedgerAway("locked"),
        ValueError("unforeseen"),
        KeyError("x"),
        BrokerAway("Redis does not answer"),
    ]

    def step():
        if errors:
            raise errors.pop(0)
        process.stop.set()

    process.repeat(step, every_seconds=0.2)
    assert errors == []
    assert [record.levelno for record in caplog.records] == [
        logging.WARNING,
        logging.ERROR,
        logging.ERROR,
        logging.WARNING,
    ]


def test_the_same_trouble_is_told_once_until_it_was_over(ledger, caplog):
    process = _hasty(ledger)
    steps = ["away", "away", "away", "well", "away", "locked", "stop"]

    def step():
        match steps.pop(0):
            case "stop":
                process.stop.set()
            case "well":
                return
            case trouble:
                raise BrokerAway(trouble)

    process.repeat(step, every_seconds=0.2)
    assert [record.getMessage() for record in caplog.records] == ["away", "away", "locked"]


def test_a_process_told_to_stop_takes_no_step(ledger):
    process = Process(ledger, "steward")
    process.stop.set()
    process.repeat(lambda: pytest.fail("it was stopped"), every_seconds=0.2)


def test_a_process_of_this_host_that_is_gone_is_not_running():
    here = socket.gethostname()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert is_running(f"{here}:{os.getpid()}")
    assert not is_running(f"{here}:{child.pid}")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody says when a process was started")
def test_another_process_of_the_same_pid_is_another():
    """As after the restart of a container: the same host name, and the pids are given again from 1."""
    here = name_of_process(os.getpid())
    pid, _, started = here.rpartition(":")[2].partition("@")
    assert is_running(here)
    assert not is_running(f"{socket.gethostname()}:{pid}@{int(started) - 1}")
    assert name_of_process(os.getppid()) != here


def test_when_a_process_was_started_does_not_change():
    assert name_of_process(os.getpid()) == name_of_process(os.getpid())


def test_of_another_host_nobody_knows_and_so_it_may_be_running():
    assert is_running("somewhere-else:1")
    assert is_running("somewhere-else:999999999")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a child that its parent died")
def test_a_child_ends_with_its_parent_however_that_dies(tmp_path):
    told = tmp_path / "pid"
    parent = f"""
import pathlib, subprocess, sys, time
from dicom_node.process import end_with_parent
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], preexec_fn=end_with_parent)
pathlib.Path({str(told)!r}).write_text(str(child.pid) + "\\n")
time.sleep(60)
"""
    running = subprocess.Popen([sys.executable, "-c", parent])
    ends_at = time.monotonic() + 30
    while not (told.exists() and told.read_text().endswith("\n")):
        assert time.monotonic() < ends_at, "the parent did not start its child"
        time.sleep(0.02)
    child = f"{socket.gethostname()}:{int(told.read_text())}"
    assert is_running(child)
    running.kill()
    running.wait()
    while is_running(child) and not _is_zombie(child):
        assert time.monotonic() < ends_at, "the child outlived its parent"
        time.sleep(0.02)


def _is_zombie(process: str) -> bool:
    """Ended, and not yet reaped by whoever inherited it."""
    try:
        status = Path(f"/proc/{process.rpartition(':')[2]}/stat").read_text()
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
