"""One process of the node: its heartbeat in the ledger, its stop signal, and its outermost loop."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from dicom_node.errors import LedgerAway, NodeError
from dicom_node.ledger import Ledger, processes

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0


class Process:
    """This process, for as long as the block lasts; ``kind`` is receive | steward | work | dashboard."""

    def __init__(self, ledger: Ledger, kind: str, *, state: str = "starting") -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stop = threading.Event()
        self.ledger = ledger
        self._kind = kind
        self._state = state
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
        self._state = state
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
                    state=self._state,
                    started_at=self._started_at,
                    now=time.time(),
                )
        except LedgerAway as error:
            logger.warning("no heartbeat: %s", error)
