"""The journal, the newest first."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import event


@dataclass(frozen=True, kw_only=True)
class EventReport:
    """One line of the journal."""

    at: float
    name: str
    study_instance_uid: str | None
    subject: str | None
    detail: str | None


def latest_events(
    tx: Transaction, *, at_most: int = 100, study_instance_uid: str | None = None
) -> list[EventReport]:
    """The newest events first, of the node or of one study."""
    columns = [event.c[name] for name in EventReport.__dataclass_fields__]
    query = select(*columns).order_by(event.c.event_id.desc()).limit(at_most)
    if study_instance_uid is not None:
        query = query.where(event.c.study_instance_uid == study_instance_uid)
    return [EventReport(**row) for row in tx.execute(query).mappings()]


def count_events(
    tx: Transaction, names: Collection[str], *, after_event_id: int
) -> tuple[int, dict[str, int]]:
    """The newest event's id, and how many of each name came after ``after_event_id``."""
    newest = tx.scalar(select(func.max(event.c.event_id))) or 0
    query = (
        select(event.c.name, func.count())
        .where(event.c.event_id > after_event_id, event.c.event_id <= newest, event.c.name.in_(names))
        .group_by(event.c.name)
    )
    counted = {row[0]: row[1] for row in tx.execute(query)}
    return newest, {name: counted.get(name, 0) for name in names}
