"""Storage commitment: what modalities asked us to take responsibility for, owed an answer until they have it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update

from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.instances import Instance
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import commitment, instance

GIVEN_UP_AFTER_SECONDS = 7 * 86_400.0
"""A modality that could not be told for a week has been taken away, or has asked again."""

FORGOTTEN_AFTER_SECONDS = 7 * 86_400.0
"""So long after its end a Transaction UID counts as in use."""

ASKED_AT_ONCE = 500
"""A statement of SQLite takes so many parameters in any build."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One instance that a request names."""

    sop_class_uid: str
    sop_instance_uid: str


@dataclass(frozen=True, kw_only=True)
class Requester:
    """Who asked, and by which name it called us; ``address`` in its plain form."""

    calling_ae_title: str
    called_ae_title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A request whose requester is to be told; ``attempts`` counts this one.

    ``is_duplicate``: its Transaction UID is in use by another request.
    """

    commitment_id: int
    transaction_uid: str
    requester: Requester
    references: tuple[Reference, ...]
    is_duplicate: bool
    requested_at: float
    attempts: int


def enter(
    tx: Transaction,
    *,
    transaction_uid: str,
    requester: Requester,
    references: Sequence[Reference],
    now: float,
    due_at: float,
) -> int:
    """Enter a request, to be answered from ``due_at`` on; returns its number.

    The same request again is the same number, and owed again. Another under the same Transaction UID is
    entered as a duplicate.
    """
    listed = [[each.sop_class_uid, each.sop_instance_uid] for each in references]
    first = _first_of(tx, transaction_uid)
    values = asdict(requester) | {"requested_at": now, "next_attempt_at": due_at}
    if first is not None and _is_the_same(first, requester, listed):
        again = values | {"attempts": 0, "error": None, "ended_at": None}
        tx.execute(update(commitment).where(_is(first["commitment_id"])).values(**again))
        return int(first["commitment_id"])
    counted = {"number_of_references": len(listed), "is_duplicate": first is not None}
    entered = tx.execute(
        insert(commitment).values(transaction_uid=transaction_uid, references=listed, **counted, **values)
    )
    key = entered.inserted_primary_key
    assert key is not None, "one row was inserted"
    return int(key[0])


def references_owed(tx: Transaction, calling_ae_title: str) -> int:
    """How many instances a caller has asked about without having been told."""
    query = select(func.coalesce(func.sum(commitment.c.number_of_references), 0))
    mine = and_(commitment.c.calling_ae_title == calling_ae_title, commitment.c.ended_at.is_(None))
    return int(tx.scalar(query.where(mine)) or 0)


def callers_due(tx: Transaction, *, now: float) -> list[str]:
    """The AE titles of those to whom something is due."""
    return list(tx.scalars(select(commitment.c.calling_ae_title).where(_is_due(now)).distinct()))


def claim(
    tx: Transaction, calling_ae_title: str, *, now: float, lease_seconds: float, at_most: int
) -> list[Owed]:
    """What is due to a caller, the oldest first; for ``lease_seconds`` it is due to nobody else."""
    query = (
        select(commitment)
        .where(_is_due(now), commitment.c.calling_ae_title == calling_ae_title)
        .order_by(commitment.c.requested_at, commitment.c.commitment_id)
        .limit(at_most)
    )
    claimed = [_owed(row) for row in tx.execute(query).mappings()]
    for each in claimed:
        taken = {"attempts": each.attempts, "next_attempt_at": now + lease_seconds}
        tx.execute(update(commitment).where(_is(each.commitment_id)).values(**taken))
    return claimed


def mark_reported(tx: Transaction, owed: Owed, *, detail: str, now: float) -> None:
    """Its requester has been told; ``detail`` says what, in figures."""
    if _end(tx, owed, error=None, now=now):
        _record(tx, Event.COMMITMENT_REPORTED, owed, now=now, detail=detail)


def postpone(tx: Transaction, owed: Owed, *, error: str, next_attempt_at: float, now: float) -> bool:
    """Its requester could not be told; says whether that is news. After a week it is given up."""
    if now - owed.requested_at >= GIVEN_UP_AFTER_SECONDS:
        if _end(tx, owed, error=error, now=now):
            _record(tx, Event.COMMITMENT_ABANDONED, owed, now=now, detail=error)
        return True
    told = tx.scalar(select(commitment.c.error).where(_is_open(owed)))
    later = update(commitment).where(_is_open(owed)).values(error=error, next_attempt_at=next_attempt_at)
    is_news = bool(tx.execute(later).rowcount) and error != told
    if is_news:
        _record(tx, Event.COMMITMENT_POSTPONED, owed, now=now, detail=error)
    return is_news


def free_claimed(tx: Transaction, *, now: float) -> None:
    """All that is owed is due now; for a door that opens, and is the only one."""
    tx.execute(update(commitment).where(commitment.c.ended_at.is_(None)).values(next_attempt_at=now))


def forget_ended(tx: Transaction, *, now: float) -> None:
    """Forget what ended more than a week ago; the Transaction UIDs are free again."""
    tx.execute(delete(commitment).where(commitment.c.ended_at < now - FORGOTTEN_AFTER_SECONDS))


def held(tx: Transaction, sop_instance_uids: Sequence[str]) -> dict[str, Instance]:
    """Those of the instances that have a row, by their UID."""
    found: dict[str, Instance] = {}
    columns = [instance.c[name] for name in Instance.__dataclass_fields__]
    for at in range(0, len(sop_instance_uids), ASKED_AT_ONCE):
        some = sop_instance_uids[at : at + ASKED_AT_ONCE]
        query = select(*columns).where(instance.c.sop_instance_uid.in_(some))
        found |= {row["sop_instance_uid"]: Instance(**row) for row in tx.execute(query).mappings()}
    return found


def _first_of(tx: Transaction, transaction_uid: str) -> Any:
    query = select(commitment).where(
        commitment.c.transaction_uid == transaction_uid, commitment.c.is_duplicate.is_(False)
    )
    return tx.execute(query).mappings().first()


def _is_the_same(row: Any, requester: Requester, listed: list[list[str]]) -> bool:
    is_from_the_same = row["calling_ae_title"] == requester.calling_ae_title
    return is_from_the_same and sorted(row["references"]) == sorted(listed)


def _owed(row: Any) -> Owed:
    return Owed(
        commitment_id=row["commitment_id"],
        transaction_uid=row["transaction_uid"],
        requester=Requester(**{name: row[name] for name in Requester.__dataclass_fields__}),
        references=tuple(
            Reference(sop_class_uid=of_class, sop_instance_uid=uid) for of_class, uid in row["references"]
        ),
        is_duplicate=row["is_duplicate"],
        requested_at=row["requested_at"],
        attempts=row["attempts"] + 1,
    )


def _end(tx: Transaction, owed: Owed, *, error: str | None, now: float) -> bool:
    """False where it was ended, or asked again, while the requester was being told."""
    ended = update(commitment).where(_is_open(owed)).values(ended_at=now, error=error)
    return bool(tx.execute(ended).rowcount)


def _is(commitment_id: int) -> ColumnElement[bool]:
    return commitment.c.commitment_id == commitment_id


def _is_open(owed: Owed) -> ColumnElement[bool]:
    return and_(
        _is(owed.commitment_id),
        commitment.c.requested_at == owed.requested_at,
        commitment.c.ended_at.is_(None),
    )


def _is_due(now: float) -> ColumnElement[bool]:
    return and_(commitment.c.ended_at.is_(None), commitment.c.next_attempt_at <= now)


def _record(tx: Transaction, name: Event, owed: Owed, *, now: float, detail: str) -> None:
    about = f"{owed.transaction_uid} of {owed.requester.calling_ae_title}"
    journal.record(tx, name, now=now, subject=about, detail=detail)
