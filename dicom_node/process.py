"""One process of the node: its heartbeat in the ledger, its stop signal, and its outermost loop."""

import ctypes
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from dicom_node.errors import LedgerAway, NodeError
from dicom_node.ledger import Ledger, processes

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def end_with_parent() -> None:
    """For a child's start (preexec_fn): on Linux it gets SIGTERM when the parent dies, however that dies.

    Otherwise it would keep its port, and nobody would watch it.
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def name_of_process(pid: int) -> str:
    """``host:pid@started``, the last in clock ticks since the host's boot; ``host:pid`` where there is no /proc.

    A pid alone says little: after a restart a container has the same host name, and gives the same pids again.
    """
    started = _started(pid)
    return f"{socket.gethostname()}:{pid}" + (f"@{started}" if started else "")


def is_running(process: str) -> bool:
    """Whether a process, by its name, may be running: one of this host that is gone is not."""
    host, _, rest = process.rpartition(":")
    pid, _, started = rest.partition("@")
    if host != socket.gethostname() or not Path("/proc/self").exists():
        return True
    now = _started(int(pid))
    return now is not None and started in ("", now)


class Process:
    """This process, for as long as the block lasts; ``kind`` is receive | steward | work | dashboard."""

    def __init__(self, ledger: Ledger, kind: str, *, state: str = "starting") -> None:
        self.name = name_of_process(os.getpid())
        self.stop = threading.Event()
        self.ledger = ledger
        self._kind = kind
        self.state = state
        self._started_at = time.time()
        self._beating = threading.Thread(target=self._beat_until_stopped, name="beat", daemon=True)

    def __enter__(self) -> Self:
        self._beat()
        self._beating.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        self._beating.join()
        with self.ledger.transaction() as tx:
            processes.leave(tx, self.name)

    def say(self, state: str) -> None:
        """Tell the ledger, and so people, what this process does now."""
        if state != self.state:
            self.state = state
            self._beat()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the process in order. For the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop.set())

    def repeat(self, step: Callable[[], object], *, every_seconds: float) -> None:
        """Take ``step`` again and again until stopped; what it raises is logged and it is tried again.

        This is the one place of a process that catches everything: the work is in the ledger, and a
        loop that ended by an unforeseen error would leave it lying there.
        """
        last = ""
        while not self.stop.wait(every_seconds):
            try:
                step()
                last = ""
            except NodeError as error:
                if str(error) != last:  # the same trouble is not told five times a second
                    logger.warning("%s", error)
                last = str(error)
            except Exception:
                logger.exception("unforeseen; it is tried again")
                self.stop.wait(5.0)

    def _beat_until_stopped(self) -> None:
        while not self.stop.wait(BEAT_SECONDS):
            self._beat()

    def _beat(self) -> None:
        try:
            with self.ledger.transaction() as tx:
                processes.beat(
                    tx,
                    process_name=self.name,
                    kind=self._kind,
                    state=self.state,
                    started_at=self._started_at,
                    now=time.time(),
                )
        except LedgerAway as error:
            logger.warning("no heartbeat: %s", error)


def _started(pid: int) -> str | None:
    """When a process of this host was started, as proc(5) has it: field 22 of stat; None where there is none."""
    try:
        # The second field is the name, in parentheses, and may hold anything.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return None
