"""Callers who were refused an association: who, from where, since when, how often, and how to let them in."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, delete, insert, select, tuple_, update

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import caller

SHOWN_FOR_SECONDS = 86_400.0
"""Somebody refused a day ago and not since has given up, or was let in."""

FORGOTTEN_AFTER_SECONDS = 30 * 86_400.0
KEPT_AT_MOST = 500
"""Whoever makes up names must not fill the ledger with them."""

_WHO = (caller.c.calling_ae_title, caller.c.called_ae_title, caller.c.address, caller.c.is_tls)


@dataclass(frozen=True, kw_only=True)
class RefusedCaller:
    """One caller, ``times`` refused between two times (seconds since the epoch), for ``reason`` at the last.

    ``reason`` goes on after "it"; ``remedy`` is what to do. AE titles are printable here, whatever the
    caller sent, and empty where the connection was refused before it said them.
    """

    calling_ae_title: str
    called_ae_title: str
    address: str
    is_tls: bool
    reason: str
    remedy: str
    first_seen_at: float
    last_seen_at: float
    times: int

    @property
    def who(self) -> str:
        """For people: ``CT1 from 10.0.0.7``."""
        return f"{self.calling_ae_title or 'a caller'} from {self.address}"


def record(tx: Transaction, seen: Iterable[RefusedCaller], *, now: float) -> None:
    """Add what was seen since the last time; forget those not seen for a month, and beyond the newest 500."""
    for each in seen:
        values = {"reason": each.reason, "remedy": each.remedy, "last_seen_at": each.last_seen_at}
        counted = values | {"times": caller.c.times + each.times}
        if not tx.execute(update(caller).where(_is(each)).values(**counted)).rowcount:
            tx.execute(insert(caller).values(**asdict(each)))
    newest = select(*_WHO).order_by(caller.c.last_seen_at.desc()).limit(KEPT_AT_MOST)
    tx.execute(delete(caller).where(caller.c.last_seen_at < now - FORGOTTEN_AFTER_SECONDS))
    tx.execute(delete(caller).where(tuple_(*_WHO).not_in(newest)))


def refused(tx: Transaction, *, since: float = 0.0, at_most: int = KEPT_AT_MOST) -> list[RefusedCaller]:
    """Those last seen after ``since``, the newest first."""
    query = select(caller).where(caller.c.last_seen_at > since)
    rows = tx.execute(query.order_by(caller.c.last_seen_at.desc()).limit(at_most)).mappings()
    return [RefusedCaller(**row) for row in rows]


def forget(tx: Transaction, who: RefusedCaller) -> None:
    """Take a caller off the list: it is let in now."""
    tx.execute(delete(caller).where(_is(who)))


def _is(who: RefusedCaller) -> ColumnElement[bool]:
    return and_(*[column == getattr(who, column.name) for column in _WHO])
