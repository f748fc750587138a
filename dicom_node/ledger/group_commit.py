"""Many instances, one flush: rows that arrive while a commit is under way share the next one."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from dicom_node.errors import LedgerAway
from dicom_node.ledger import instances
from dicom_node.ledger.instances import Instance
from dicom_node.ledger.ledger import Ledger


@dataclass(kw_only=True)
class _Entry:
    received: Instance
    calling_ae_title: str
    is_done: bool = False
    is_new: bool = False
    error: LedgerAway | None = None


class GroupCommit:
    """Enters instances for many threads at once. ``clock`` gives seconds since the epoch.

    There is no thread of its own: whoever comes while nobody commits, commits for all who wait.
    """

    def __init__(self, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._waiting: list[_Entry] = []
        self._list = Lock()
        self._turn = Lock()

    def enter(self, received: Instance, *, calling_ae_title: str) -> bool:
        """Enter an instance; on disk when it returns. False when its SOP Instance UID is known already.

        Raises LedgerAway; then nothing was entered.
        """
        entry = _Entry(received=received, calling_ae_title=calling_ae_title)
        with self._list:
            self._waiting.append(entry)
        with self._turn:
            if not entry.is_done:
                with self._list:
                    group, self._waiting = self._waiting, []
                self._commit(group)
        if entry.error is not None:
            raise entry.error
        return entry.is_new

    def _commit(self, group: list[_Entry]) -> None:
        now = self._clock()
        error: LedgerAway | None = LedgerAway("the ledger did not take an entry together with others")
        try:
            with self._ledger.transaction() as tx:
                for entry in group:
                    entry.is_new = instances.enter(
                        tx, entry.received, calling_ae_title=entry.calling_ae_title, now=now
                    )
            error = None
        except LedgerAway as away:
            error = away
        finally:  # also when something unforeseen goes up: nobody may take for entered what was undone
            for entry in group:
                entry.error = error
                entry.is_done = True
