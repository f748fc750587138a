import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dicom_node import supervisor
from dicom_node.errors import AlreadyRunning
from dicom_node.supervisor import Program, Supervisor, seconds_before_restart, the_only_one

STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
POLITE = "signal.signal(signal.SIGTERM, lambda *_: (say(name + ' ended'), sys.exit()))"


@pytest.fixture(autouse=True)
def look_often(monkeypatch):
    monkeypatch.setattr(supervisor, "LOOK_EVERY_SECONDS", 0.02)


def _program(diary: Path, name: str, *steps: str, seconds_to_end: float = 10.0) -> Program:
    """A child that writes into the diary what becomes of it."""
    text = f"""
import os, pathlib, signal, sys, time
name = {name!r}
def say(what):
    with open({str(diary)!r}, "a") as file:
        file.write(what + "\\n")
{os.linesep.join(steps)}
say(name + " started " + str(os.getpid()))
while True:
    time.sleep(60)
"""
    return Program(name=name, command=[sys.executable, "-S", "-c", text], seconds_to_end=seconds_to_end)


def _lines(diary: Path) -> list[str]:
    return diary.read_text().splitlines() if diary.exists() else []


def _pids(diary: Path, name: str) -> list[int]:
    return [int(line.split()[-1]) for line in _lines(diary) if line.startswith(f"{name} started ")]


class _Run:
    """A supervisor at work in a thread, until the block ends."""

    def __init__(self, *programs: Program) -> None:
        self.stop = threading.Event()
        self.ticks = 0
        self._supervisor = Supervisor(programs)
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self._supervisor.run(self.stop, on_tick=self._tick)

    def _tick(self) -> None:
        self.ticks += 1

    def __enter__(self) -> "_Run":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def until(self, holds) -> None:
        ends_at = time.monotonic() + 15
        while not holds():
            assert time.monotonic() < ends_at, "it did not come true"
            time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_are_started_and_ended_in_the_reverse_order(tmp_path):
    diary = tmp_path / "diary"
    programs = [_program(diary, name, POLITE) for name in ("broker", "worker", "door")]
    with _Run(*programs) as run:
        run.until(lambda: len(_lines(diary)) == 3 and run.ticks > 0)
    assert _lines(diary)[3:] == ["door ended", "worker ended", "broker ended"]


def test_one_that_is_killed_is_started_again_and_the_others_stay(tmp_path, caplog):
    diary = tmp_path / "diary"
    with _Run(_program(diary, "worker", POLITE), _program(diary, "door", POLITE)) as run:
        run.until(lambda: len(_lines(diary)) == 2)
        os.kill(_pids(diary, "worker")[0], signal.SIGKILL)
        run.until(lambda: len(_pids(diary, "worker")) == 2)
        assert len(_pids(diary, "door")) == 1
    assert "worker ended (signal 9); started again in 0 s" in caplog.text
    assert not any(_is_alive(pid) for pid in _pids(diary, "worker"))


def test_one_that_dies_at_once_is_given_ever_more_time(tmp_path, caplog):
    diary = tmp_path / "diary"
    with _Run(_program(diary, "worker", "say('tried')", "sys.exit(3)")) as run:
        run.until(lambda: "started again in 1 s" in caplog.text)
    assert _lines(diary) == ["tried", "tried"]
    assert "worker ended (exit code 3); started again in 0 s" in caplog.text


def test_one_that_does_not_end_is_killed(tmp_path, caplog):
    diary = tmp_path / "diary"
    with _Run(_program(diary, "worker", STUBBORN, seconds_to_end=0.2)) as run:
        run.until(lambda: _pids(diary, "worker"))
        (pid,) = _pids(diary, "worker")
    assert not _is_alive(pid)
    assert "worker did not end in 0.2 s and is killed" in caplog.text


def test_an_error_in_a_tick_ends_the_children_too(tmp_path):
    diary = tmp_path / "diary"
    started = Supervisor([_program(diary, "worker", POLITE)])

    def tick():
        if _pids(diary, "worker"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        started.run(threading.Event(), on_tick=tick)
    assert not _is_alive(_pids(diary, "worker")[0])


@pytest.mark.parametrize(
    ("deaths", "seconds"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 30), (500, 30)]
)
def test_the_pause_before_a_restart(deaths, seconds):
    assert seconds_before_restart(deaths) == seconds


def test_one_that_lives_but_does_not_answer_is_ended_and_started_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(supervisor, "ASK_EVERY_SECONDS", 0.2)
    diary = tmp_path / "diary"
    broker = replace(
        _program(diary, "broker", POLITE), is_well=lambda: len(_pids(diary, "broker")) != 1
    )  # the first is of no use, the second is
    with _Run(broker, _program(diary, "door", POLITE)) as run:
        run.until(lambda: len(_pids(diary, "broker")) == 2)
        first, second = _pids(diary, "broker")
        assert not _is_alive(first)
        seen = run.ticks
        run.until(lambda: run.ticks > seen + 20)
        assert _pids(diary, "broker") == [first, second]
        assert len(_pids(diary, "door")) == 1
    assert caplog.text.count("broker does not answer and is ended") == 1
    assert "broker ended (exit code 0); started again in 0 s" in caplog.text


def test_one_that_starts_is_given_time_before_it_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "ASK_EVERY_SECONDS", 60)
    diary = tmp_path / "diary"
    worker = replace(_program(diary, "worker", POLITE), is_well=lambda: pytest.fail("too early"))
    with _Run(worker) as run:
        run.until(lambda: _pids(diary, "worker") and run.ticks > 5)


def test_there_is_one_alone(tmp_path):
    ledger = tmp_path / "not yet there" / "ledger.sqlite3"
    with the_only_one(ledger):
        with pytest.raises(AlreadyRunning, match="another `dicom-node up` runs"), the_only_one(ledger):
            pytest.fail("there were two")
        with the_only_one(tmp_path / "other.sqlite3"):
            pass
    with the_only_one(ledger):
        assert not ledger.exists()


def test_one_that_broke_leaves_the_place_to_another(tmp_path):
    ledger = tmp_path / "ledger.sqlite3"
    with pytest.raises(ZeroDivisionError), the_only_one(ledger):
        raise ZeroDivisionError
    with the_only_one(ledger):
        pass


def test_one_that_was_killed_leaves_the_place_to_another(tmp_path):
    ledger, told = tmp_path / "ledger.sqlite3", tmp_path / "held"
    text = f"""
import pathlib, time
from dicom_node.supervisor import the_only_one
with the_only_one(pathlib.Path({str(ledger)!r})):
    pathlib.Path({str(told)!r}).touch()
    time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", text])
    ends_at = time.monotonic() + 30
    while not told.exists():
        assert time.monotonic() < ends_at, "it did not start"
        time.sleep(0.02)
    with pytest.raises(AlreadyRunning), the_only_one(ledger):
        pytest.fail("there were two")
    holder.kill()
    holder.wait()
    with the_only_one(ledger):
        pass
