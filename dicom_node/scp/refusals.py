"""Refused callers, from the door into the ledger: counted in memory, and entered every now and then.

A flood of refusals so costs the ledger no more than one, and known modalities do not wait for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from dicom_node.ledger import Ledger, callers
from dicom_node.ledger.callers import RefusedCaller
from dicom_node.scp.addresses import plain_address
from dicom_node.scp.admission import Caller, Refusal, reason_to_refuse
from dicom_node.scp.modalities import Modality
from dicom_node.settings import ScpSettings

COUNTED_AT_MOST = 256
LONGEST_AE_TITLE = 16


class Refusals:
    """What was refused since it was last entered. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[Caller, RefusedCaller] = {}

    def note(self, caller: Caller, refusal: Refusal, *, now: float) -> None:
        """Count one refusal. Beyond 256 different callers between two entries, new ones are not counted."""
        who = _printable(caller)
        with self._lock:
            before = self._seen.get(who)
            if before is not None or len(self._seen) < COUNTED_AT_MOST:
                self._seen[who] = _seen(who, refusal, before, now=now)

    def enter(self, ledger: Ledger, *, now: float) -> int:
        """Enter all that was noted, in one transaction, and start anew; returns how many callers.

        Raises LedgerAway; what was noted is then kept for the next time.
        """
        with self._lock:
            taken, self._seen = self._seen, {}
        if not taken:
            return 0
        entered = False
        try:
            with ledger.transaction() as tx:
                callers.record(tx, taken.values(), now=now)
            entered = True
        finally:
            if not entered:
                self._take_back(taken)
        return len(taken)

    def _take_back(self, taken: dict[Caller, RefusedCaller]) -> None:
        with self._lock:
            for who, before in taken.items():
                newer = self._seen.get(who)
                self._seen[who] = before if newer is None else _sum(before, newer)


def forget_the_admitted(ledger: Ledger, *, settings: ScpSettings, modalities: Sequence[Modality]) -> int:
    """Take off the list who would be let in now, as after the settings were corrected; returns how many.

    To be asked before the door opens: then no limit on associations is reached.
    """
    with ledger.transaction() as tx:
        let_in = [
            each
            for each in callers.refused(tx)
            if _was_turned_away(each)
            or reason_to_refuse(_caller(each), settings=settings, modalities=modalities) is None
        ]
        for each in let_in:
            callers.forget(tx, each)
    return len(let_in)


def _was_turned_away(seen: RefusedCaller) -> bool:
    """Whether the connection was one too many, and closed before it said a name."""
    return not seen.calling_ae_title and not seen.called_ae_title


def _printable(caller: Caller) -> Caller:
    """What a peer sent must neither forge a line of an answer nor fill the ledger."""
    return replace(
        caller,
        address=str(plain_address(caller.address)),
        calling_ae_title=_printable_title(caller.calling_ae_title),
        called_ae_title=_printable_title(caller.called_ae_title),
    )


def _printable_title(ae_title: str) -> str:
    said = ae_title[:LONGEST_AE_TITLE].strip(" ")
    return "".join(letter if " " <= letter <= "~" else "·" for letter in said)


def _seen(who: Caller, refusal: Refusal, before: RefusedCaller | None, *, now: float) -> RefusedCaller:
    return RefusedCaller(
        calling_ae_title=who.calling_ae_title,
        called_ae_title=who.called_ae_title,
        address=who.address,
        is_tls=who.is_tls,
        reason=refusal.sentence,
        remedy=refusal.remedy,
        first_seen_at=before.first_seen_at if before else now,
        last_seen_at=now,
        times=before.times + 1 if before else 1,
    )


def _sum(before: RefusedCaller, newer: RefusedCaller) -> RefusedCaller:
    return replace(newer, first_seen_at=before.first_seen_at, times=before.times + newer.times)


def _caller(seen: RefusedCaller) -> Caller:
    return Caller(
        address=seen.address,
        calling_ae_title=seen.calling_ae_title,
        called_ae_title=seen.called_ae_title,
        is_tls=seen.is_tls,
    )
