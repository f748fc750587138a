"""Many instances, one flush: rows follow the answers a moment later, those of that moment together.

The spool is their log: until its row is on disk, an instance keeps the mark in the spool by which it is found
after a kill (dicom_node/spool/disk.py). A serial sender waits for every flush; this one it need not wait for.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock, Thread

from dicom_node.errors import LedgerAway
from dicom_node.ledger import instances
from dicom_node.ledger.instances import Arrival
from dicom_node.ledger.ledger import Ledger

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.2
TRY_AGAIN_SECONDS = 1.0
MOST_WAITING = 4096


@dataclass(frozen=True, kw_only=True)
class _Entry:
    arrival: Arrival
    when_entered: Callable[[], None]


class GroupCommit:
    """Enters instances for many threads, in a thread of its own, ``gather_seconds`` after the first of them came.

    ``close`` ends it, everything entered that can be.
    """

    def __init__(self, ledger: Ledger, *, gather_seconds: float = GATHER_SECONDS) -> None:
        self._ledger = ledger
        self._gather_seconds = gather_seconds
        self._waiting: dict[str, _Entry] = {}  # by SOP Instance UID
        self._changed = Condition(Lock())
        self._committing = Lock()
        self._fault: LedgerAway | None = None
        self._is_closing = False
        self._thread = Thread(target=self._run, name="group commit", daemon=True)
        self._thread.start()

    def require_not_behind(self) -> None:
        """Raise LedgerAway where rows cannot be written, or too many wait: then no more may be taken in."""
        if self.has_ended:
            raise LedgerAway("rows are no longer entered, the process is ending")
        if (fault := self._fault) is not None:
            raise LedgerAway(str(fault))  # a new one: the same, raised again and again, collects its frames
        if len(self._waiting) >= MOST_WAITING:
            raise LedgerAway(f"{len(self._waiting)} instances wait for their rows in the ledger")

    def waiting_key(self, sop_instance_uid: str) -> str | None:
        """The key of an instance that waits for its row."""
        entry = self._waiting.get(sop_instance_uid)
        return None if entry is None else entry.arrival.instance.key

    def add(self, arrival: Arrival, when_entered: Callable[[], None]) -> None:
        """Enter an instance soon; ``when_entered`` is called when its row is on disk, from another thread."""
        with self._changed:
            self._waiting[arrival.instance.sop_instance_uid] = _Entry(
                arrival=arrival, when_entered=when_entered
            )
            if len(self._waiting) == 1:
                self._changed.notify_all()

    def flush(self) -> None:
        """Enter all that wait, now. Raises LedgerAway; they go on waiting then."""
        with self._committing:
            entries = list(self._waiting.values())
            if entries:
                self._commit(entries)

    def close(self) -> None:
        """Enter what waits and end the thread. What cannot be entered now is found at the next start."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join()

    @property
    def has_ended(self) -> bool:
        """Whether rows are entered no more: after ``close``, or by an unforeseen error."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self._wait_for_entries():
            self._flush_or_wait()

    def _flush_or_wait(self) -> None:
        try:
            self.flush()
        except LedgerAway:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closing, TRY_AGAIN_SECONDS)

    def _wait_for_entries(self) -> bool:
        """Wait until some have gathered, or ``flush`` took them; False when no more can be entered."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closing)
            self._changed.wait_for(lambda: self._is_closing, self._gather_seconds)
            return not self._is_closing or (bool(self._waiting) and self._fault is None)

    def _commit(self, entries: list[_Entry]) -> None:
        try:
            with self._ledger.transaction() as tx:
                instances.enter_all(tx, [entry.arrival for entry in entries])
        except LedgerAway as away:
            if self._fault is None:
                logger.error("instances are in the spool, and not yet in the ledger: %s", away)
            self._fault = away
            raise
        self._fault = None
        for entry in entries:
            entry.when_entered()
            del self._waiting[entry.arrival.instance.sop_instance_uid]
