"""Tells each requester what is due to it, in a thread of its own: one that hangs keeps nobody else waiting."""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread, current_thread

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, commitments
from dicom_node.ledger.commitments import Owed, Requester
from dicom_node.scp.storage_commitment.holding import why_not_held
from dicom_node.scp.storage_commitment.new_association import Listener, report_on_new
from dicom_node.scp.storage_commitment.report import FailureReason, Report, report_on
from dicom_node.scp.storage_commitment.same_association import ENDED, SameAssociation
from dicom_node.spool import DiskSpool

logger = logging.getLogger(__name__)

RELEASE_WITHIN_SECONDS = 0.5
"""Most requesters release as soon as they are answered; a report that crosses that is lost on both."""

SETTLED_AFTER_SECONDS = 3.0
"""The row of an instance may follow its file; so long nobody is told that we do not hold it."""

LEASE_SECONDS = 300.0
RETRY_AT_MOST_SECONDS = 300.0
REPORTS_AT_ONCE = 16
LOOK_AGAIN_SECONDS = 0.25
REPORTERS_AT_MOST = 16
"""So many requesters are told at the same time; others wait a few seconds."""

NO_LISTENER = "where to call it is not said: set commitment_port in its [[scp.modality]]"


@dataclass(frozen=True, kw_only=True)
class Duties:
    """What the reporter works with. ``listener_of`` says where a requester is called; ``clock`` is the epoch's."""

    ledger: Ledger
    spool: DiskSpool
    sop_classes: Collection[str]
    listener_of: Callable[[Requester], Listener | None]
    clock: Callable[[], float]


class Reporter:
    """Safe between threads. ``close`` ends it; what is owed then is told after the next start."""

    def __init__(self, duties: Duties) -> None:
        self._duties = duties
        self._opened_at = duties.clock()
        self._lock = Lock()
        self._wanted: set[str] = set()
        self._working: dict[str, Thread] = {}
        self._associations: dict[int, SameAssociation] = {}
        self._stop = Event()

    def expect(self, commitment_id: int, calling_ae_title: str, association: SameAssociation) -> None:
        """A request was entered; it is reported a moment later, on its ``association`` if that is open then."""
        with self._lock:
            self._associations[commitment_id] = association
        self.see_to(calling_ae_title)

    def see_to_all(self) -> None:
        """See to all to whom something is due; to be called every few seconds. Raises LedgerAway."""
        with self._duties.ledger.snapshot() as tx:
            due = commitments.callers_due(tx, now=self._duties.clock())
        for calling_ae_title in due:
            self.see_to(calling_ae_title)

    def see_to(self, calling_ae_title: str) -> None:
        """Have a thread tell this caller what is due to it, soon."""
        with self._lock:
            self._wanted.add(calling_ae_title)
            is_full = len(self._working) >= REPORTERS_AT_MOST
            if calling_ae_title not in self._working and not is_full and not self._stop.is_set():
                thread = Thread(
                    target=self._work, args=(calling_ae_title,), name="commitment reports", daemon=True
                )
                self._working[calling_ae_title] = thread
                thread.start()

    def close(self, *, within_seconds: float = 1.0) -> None:
        """Begin nothing more."""
        self._stop.set()
        with self._lock:
            threads = list(self._working.values())
        deadline = time.monotonic() + within_seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self, calling_ae_title: str) -> None:
        try:
            while self._is_wanted(calling_ae_title):
                if not self._stop.wait(RELEASE_WITHIN_SECONDS):
                    self._report_due(calling_ae_title)
        except LedgerAway as error:
            logger.warning("commitment reports wait: %s", error)
        finally:
            self._end(calling_ae_title)

    def _end(self, calling_ae_title: str) -> None:
        """After an error; otherwise the thread is off the list, and another may be on it."""
        with self._lock:
            if self._working.get(calling_ae_title) is current_thread():
                del self._working[calling_ae_title]

    def _is_wanted(self, calling_ae_title: str) -> bool:
        with self._lock:
            is_wanted = calling_ae_title in self._wanted and not self._stop.is_set()
            self._wanted.discard(calling_ae_title)
            if not is_wanted:  # said under the lock, so that whoever wants it next starts another thread
                del self._working[calling_ae_title]
            return is_wanted

    def _report_due(self, calling_ae_title: str) -> None:
        while not self._stop.is_set():
            with self._duties.ledger.transaction() as tx:
                claimed = commitments.claim(
                    tx,
                    calling_ae_title,
                    now=self._duties.clock(),
                    lease_seconds=LEASE_SECONDS,
                    at_most=REPORTS_AT_ONCE,
                )
            if not claimed:
                return
            self._tell(claimed)

    def _tell(self, claimed: Sequence[Owed]) -> None:
        """On the association each came on; the rest on new ones, together where the requester is the same."""
        rest: dict[Requester, list[tuple[Owed, Report]]] = {}
        for owed in claimed:
            report = self._report(owed)
            error = self._tell_on_its_association(owed, report)
            if error is None or self._duties.listener_of(owed.requester) is None:
                self._note(owed, report, error)
            else:
                rest.setdefault(owed.requester, []).append((owed, report))
        for requester, reports in rest.items():
            self._call(requester, reports)

    def _tell_on_its_association(self, owed: Owed, report: Report) -> str | None:
        with self._lock:
            association = self._associations.pop(owed.commitment_id, None)
        error = ENDED if association is None else association.report(report)
        return None if error is None else f"{error}, and {NO_LISTENER}"

    def _call(self, requester: Requester, reports: Sequence[tuple[Owed, Report]]) -> None:
        listener = self._duties.listener_of(requester)
        assert listener is not None, "asked before"
        told = report_on_new(listener, [report for _, report in reports])
        for (owed, report), error in zip(reports, told, strict=True):
            self._note(owed, report, error)

    def _report(self, owed: Owed) -> Report:
        if owed.is_duplicate:
            return report_on(owed, {})
        settled_at = max(owed.requested_at, self._opened_at) + SETTLED_AFTER_SECONDS
        missing = self._why_not_held(owed)
        while missing and self._duties.clock() < settled_at and not self._stop.wait(LOOK_AGAIN_SECONDS):
            missing = self._why_not_held(owed)
        return report_on(owed, missing)

    def _why_not_held(self, owed: Owed) -> dict[commitments.Reference, FailureReason]:
        return why_not_held(
            owed.references,
            ledger=self._duties.ledger,
            spool=self._duties.spool,
            sop_classes=self._duties.sop_classes,
        )

    def _note(self, owed: Owed, report: Report, error: str | None) -> None:
        now = self._duties.clock()
        with self._duties.ledger.transaction() as tx:
            if error is None:
                commitments.mark_reported(tx, owed, detail=report.detail, now=now)
                return
            wait = min(RETRY_AT_MOST_SECONDS, 2.0 ** min(owed.attempts - 1, 32))
            is_news = commitments.postpone(tx, owed, error=error, next_attempt_at=now + wait, now=now)
        if is_news:
            logger.warning("%s is told again what we hold: %s", owed.requester.calling_ae_title, error)
