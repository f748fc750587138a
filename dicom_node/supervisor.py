"""``dicom-node up``: all processes of the node on one host, each started again when it dies."""

import fcntl
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dicom_node.errors import AlreadyRunning
from dicom_node.process import end_with_parent

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
RAN_WELL_AFTER_SECONDS = 30.0
ASK_EVERY_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process to keep running. ``seconds_to_end`` is its time between SIGTERM and SIGKILL.

    ``is_well`` is asked now and then of one that lives; one that is not is ended, and so started again.
    """

    name: str
    command: Sequence[str]
    seconds_to_end: float = 10.0
    is_well: Callable[[], bool] | None = None


@dataclass(kw_only=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_at: float
    deaths_in_a_row: int = 0
    start_again_at: float | None = None
    asked_at: float = 0.0


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
            self._ask(child, now)
            return
        ran_well = now - child.started_at > RAN_WELL_AFTER_SECONDS
        child.deaths_in_a_row = 1 if ran_well else child.deaths_in_a_row + 1
        pause = seconds_before_restart(child.deaths_in_a_row)
        child.start_again_at = now + pause
        logger.warning("%s ended (%s); started again in %g s", child.program.name, _spell(code), pause)

    def _ask(self, child: _Child, now: float) -> None:
        """End a process that lives and is of no use: its socket was taken away, for instance."""
        since = max(child.asked_at, child.started_at)
        if child.program.is_well is None or now - since < ASK_EVERY_SECONDS:
            return
        child.asked_at = now
        if not child.program.is_well():
            logger.warning("%s does not answer and is ended", child.program.name)
            _end(child)


@contextmanager
def the_only_one(beside: Path) -> Iterator[None]:
    """Hold a lock beside the ledger. Raises AlreadyRunning where another `up` holds it.

    Two would take each other's broker away, and each would count on the other's processes.
    """
    beside.parent.mkdir(parents=True, exist_ok=True)
    with beside.with_suffix(".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("another `dicom-node up` runs with these settings; end it first") from None
        yield


def seconds_before_restart(deaths_in_a_row: int) -> float:
    """At once after the first death, then 1, 2, 4, … seconds, at most half a minute."""
    return 0.0 if deaths_in_a_row <= 1 else min(LONGEST_PAUSE_SECONDS, 2.0 ** (deaths_in_a_row - 2))


def _start(program: Program) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in a terminal reaches us alone, and we end the children in order.
    return subprocess.Popen(list(program.command), start_new_session=True, preexec_fn=end_with_parent)


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
