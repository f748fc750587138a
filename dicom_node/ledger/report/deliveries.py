"""What each destination has had, and what stands in the way of the rest."""

from dataclasses import dataclass

from sqlalchemy import func, select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import DeliveryState
from dicom_node.ledger.schema import delivery


@dataclass(frozen=True, kw_only=True)
class DestinationReport:
    """What one destination has had and still has to get, in results."""

    destination: str
    undelivered: int
    delivered: int
    last_delivered_at: float | None


@dataclass(frozen=True, kw_only=True)
class HindranceReport:
    """How many results wait for one destination for one and the same reason; ``since`` the oldest is owed."""

    destination: str
    error: str
    results: int
    since: float


def destinations(tx: Transaction) -> list[DestinationReport]:
    """Every destination something was ever owed to, by name."""
    delivered = func.count(delivery.c.delivered_at)
    query = select(
        delivery.c.destination,
        (func.count() - delivered).label("undelivered"),
        delivered.label("delivered"),
        func.max(delivery.c.delivered_at).label("last_delivered_at"),
    ).group_by(delivery.c.destination)
    rows = tx.execute(query.order_by(delivery.c.destination)).mappings()
    return [DestinationReport(**row) for row in rows]


def hindrances(tx: Transaction) -> list[HindranceReport]:
    """What stands in the way of results that were tried and not delivered, the most results first."""
    query = (
        select(
            delivery.c.destination,
            delivery.c.error,
            func.count().label("results"),
            func.min(delivery.c.owed_at).label("since"),
        )
        .where(delivery.c.state != DeliveryState.DELIVERED, delivery.c.error.is_not(None))
        .group_by(delivery.c.destination, delivery.c.error)
        .order_by(func.count().desc(), delivery.c.destination)
    )
    return [HindranceReport(**row) for row in tx.execute(query).mappings()]
