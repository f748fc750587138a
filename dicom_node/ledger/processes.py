"""Processes of the node: which are alive, since when, and what they say of themselves."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import process

SILENT_AFTER_SECONDS = 10.0
"""A process not heard of for so long counts as dead; five beats."""

FORGOTTEN_AFTER_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process: ``process`` is host:pid@started, ``kind`` receive | steward | work | dashboard, ``state`` a word."""

    process: str
    kind: str
    state: str
    started_at: float
    seen_at: float

    @property
    def place(self) -> str:
        """For people: ``host:pid``."""
        return self.process.partition("@")[0]


def beat(tx: Transaction, *, process_name: str, kind: str, state: str, started_at: float, now: float) -> None:
    """Say that a process is alive and in which state; forget those silent for an hour."""
    values = {"kind": kind, "state": state, "started_at": started_at, "seen_at": now}
    known = tx.execute(update(process).where(process.c.process == process_name).values(**values)).rowcount
    if not known:
        tx.execute(insert(process).values(process=process_name, **values))
    tx.execute(delete(process).where(process.c.seen_at < now - FORGOTTEN_AFTER_SECONDS))


def leave(tx: Transaction, process_name: str) -> None:
    """Take a process that ends in order off the list."""
    tx.execute(delete(process).where(process.c.process == process_name))


def alive(tx: Transaction, *, now: float, within_seconds: float = SILENT_AFTER_SECONDS) -> list[Process]:
    """The processes heard of within ``within_seconds``, by kind."""
    query = select(process).where(process.c.seen_at >= now - within_seconds)
    rows = tx.execute(query.order_by(process.c.kind, process.c.process)).mappings()
    return [Process(**row) for row in rows]
