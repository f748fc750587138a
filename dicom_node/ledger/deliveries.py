"""Deliveries: each result to each destination, owed until that destination answered Success."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, update

from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import DeliveryState, states_before
from dicom_node.ledger.schema import analysis, delivery, result


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One result to be sent to one destination; ``attempts`` counts this one."""

    sop_instance_uid: str
    destination: str
    sop_class_uid: str
    key: str
    study_instance_uid: str
    attempts: int


def destinations_due(tx: Transaction, *, now: float) -> list[str]:
    """The names of destinations to which something is due."""
    return list(tx.scalars(select(delivery.c.destination).where(_is_due(now)).distinct()))


def claim(
    tx: Transaction, destination: str, *, now: float, lease_seconds: float, at_most: int
) -> list[Parcel]:
    """Owed -> sending for what is due to a destination (or was being sent by a process that died)."""
    query = (
        select(
            delivery.c.sop_instance_uid,
            delivery.c.destination,
            result.c.sop_class_uid,
            result.c.key,
            analysis.c.study_instance_uid,
            (delivery.c.attempts + 1).label("attempts"),
        )
        .join(result, result.c.sop_instance_uid == delivery.c.sop_instance_uid)
        .join(analysis, analysis.c.analysis_id == result.c.analysis_id)
        .where(delivery.c.destination == destination, _is_due(now))
        .order_by(delivery.c.owed_at, result.c.kind)
        .limit(at_most)
    )
    parcels = [Parcel(**row) for row in tx.execute(query).mappings()]
    for parcel in parcels:
        tx.execute(
            update(delivery)
            .where(_of(parcel))
            .values(state=DeliveryState.SENDING, attempts=parcel.attempts, lease_until=now + lease_seconds)
        )
    return parcels


def mark_delivered(tx: Transaction, parcel: Parcel, *, now: float) -> None:
    """Sending -> delivered: the destination answered Success."""
    taken = tx.execute(
        update(delivery)
        .where(
            _of(parcel),
            delivery.c.state.in_(states_before("delivery", DeliveryState.DELIVERED, by="delivery")),
        )
        .values(state=DeliveryState.DELIVERED, delivered_at=now, error=None, lease_until=None)
    ).rowcount
    if taken:
        _record(tx, Event.RESULT_DELIVERED, parcel, now=now)


def postpone(tx: Transaction, parcel: Parcel, *, error: str, next_attempt_at: float, now: float) -> bool:
    """Sending -> owed: it is sent again at ``next_attempt_at``; ``error`` says what stood in the way.

    Says whether that is news: a destination that is away for a week is told of once, not at every attempt.
    """
    told = tx.scalar(select(delivery.c.error).where(_of(parcel)))
    taken = tx.execute(
        update(delivery)
        .where(
            _of(parcel), delivery.c.state.in_(states_before("delivery", DeliveryState.OWED, by="delivery"))
        )
        .values(state=DeliveryState.OWED, error=error, next_attempt_at=next_attempt_at, lease_until=None)
    ).rowcount
    is_news = bool(taken) and error != told
    if is_news:
        _record(tx, Event.DELIVERY_POSTPONED, parcel, now=now, detail=error)
    return is_news


def free_abandoned(tx: Transaction, *, now: float) -> None:
    """Sending -> owed for all that is being sent; for a steward that starts and is the only one."""
    tx.execute(
        update(delivery)
        .where(delivery.c.state.in_(states_before("delivery", DeliveryState.OWED, by="delivery")))
        .values(state=DeliveryState.OWED, next_attempt_at=now, lease_until=None)
    )


def name_unknown_destinations(tx: Transaction, known: Iterable[str]) -> None:
    """Say of each delivery owed to a destination that is no longer in the settings why it waits."""
    tx.execute(
        update(delivery)
        .where(delivery.c.state == DeliveryState.OWED, delivery.c.destination.not_in(list(known)))
        .values(error="this destination is not in the settings any more; add it again to have it sent")
    )


def _is_due(now: float) -> ColumnElement[bool]:
    return or_(
        and_(delivery.c.state == DeliveryState.OWED, delivery.c.next_attempt_at <= now),
        and_(delivery.c.state == DeliveryState.SENDING, delivery.c.lease_until < now),
    )


def _of(parcel: Parcel) -> ColumnElement[bool]:
    return and_(
        delivery.c.sop_instance_uid == parcel.sop_instance_uid, delivery.c.destination == parcel.destination
    )


def _record(tx: Transaction, name: Event, parcel: Parcel, *, now: float, detail: str | None = None) -> None:
    about = f"{parcel.sop_instance_uid} to {parcel.destination}"
    journal.record(
        tx, name, now=now, study_instance_uid=parcel.study_instance_uid, subject=about, detail=detail
    )
