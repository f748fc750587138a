"""``dicom-node up``: all processes of the node on one host, each started again when it dies."""

import ctypes
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
RAN_WELL_AFTER_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process to keep running. ``seconds_to_end`` is its time between SIGTERM and SIGKILL."""

    name: str
    command: Sequence[str]
    seconds_to_end: float = 10.0


@dataclass(kw_only=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_at: float
    deaths_in_a_row: int = 0
    start_again_at: float | None = field(default=None)


class Supervisor:
    """Starts ``programs`` in their order, keeps them running, and ends them in the reverse order."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = [
            _Child(program=program, process=_start(program), started_at=time.monotonic())
            for program in programs
        ]

    def run(self, stop: threading.Event, *, on_tick: Callable[[], object]) -> None:
        """Watch until ``stop``; ``on_tick`` is called at every look. Then end all, the last first."""
        try:
            while not stop.wait(LOOK_EVERY_SECONDS):
                for child in self._children:
                    self._watch(child)
                on_tick()
        finally:
            for child in reversed(self._children):
                _end(child)

    def _watch(self, child: _Child) -> None:
        now = time.monotonic()
        if child.start_again_at is not None:
            if now >= child.start_again_at:
                child.process, child.started_at, child.start_again_at = _start(child.program), now, None
            return
        code = child.process.poll()
        if code is None:
            return
        ran_well = now - child.started_at > RAN_WELL_AFTER_SECONDS
        child.deaths_in_a_row = 1 if ran_well else child.deaths_in_a_row + 1
        pause = seconds_before_restart(child.deaths_in_a_row)
        child.start_again_at = now + pause
        logger.warning("%s ended (%s); started again in %g s", child.program.name, _spell(code), pause)


def seconds_before_restart(deaths_in_a_row: int) -> float:
    """At once after the first death, then 1, 2, 4, … seconds, at most half a minute."""
    return 0.0 if deaths_in_a_row <= 1 else min(LONGEST_PAUSE_SECONDS, 2.0 ** (deaths_in_a_row - 2))


def _start(program: Program) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in a terminal reaches us alone, and we end the children in order.
    return subprocess.Popen(list(program.command), start_new_session=True, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    """On Linux a child is told to end when we are killed: it would keep the port and nobody would watch it."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: _Child) -> None:
    if child.process.poll() is None:
        child.process.terminate()
    try:
        child.process.wait(child.program.seconds_to_end)
    except subprocess.TimeoutExpired:
        logger.warning(
            "%s did not end in %g s and is killed", child.program.name, child.program.seconds_to_end
        )
        child.process.kill()
        child.process.wait()


def _spell(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
