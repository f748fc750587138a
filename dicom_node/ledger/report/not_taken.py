"""What came and was not taken: instances that were rejected, and what we hold under a UID that came twice."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from dicom_node.events import Event
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import event, instance, study


@dataclass(frozen=True, kw_only=True)
class RejectionReport:
    """What one caller was told of its instances, ``times`` between two times (seconds since the epoch)."""

    calling_ae_title: str
    reason: str
    times: int
    first_at: float
    last_at: float


@dataclass(frozen=True, kw_only=True)
class KeptReport:
    """The instance that is held under its UID; ``calling_ae_title`` is who opened its study."""

    sop_instance_uid: str
    study_instance_uid: str
    key: str
    size_bytes: int
    received_at: float
    calling_ae_title: str


def rejections(tx: Transaction, *, since: float, at_most: int = 100) -> list[RejectionReport]:
    """The instances rejected after ``since``, by caller and reason, the newest first."""
    who = func.coalesce(event.c.subject, "")
    why = func.coalesce(event.c.detail, "")
    newest = func.max(event.c.at)
    query = (
        select(
            who.label("calling_ae_title"),
            why.label("reason"),
            func.count().label("times"),
            func.min(event.c.at).label("first_at"),
            newest.label("last_at"),
        )
        .where(event.c.at > since, event.c.name == Event.INSTANCE_REJECTED)
        .group_by(who, why)
        .order_by(newest.desc())
        .limit(at_most)
    )
    return [RejectionReport(**row) for row in tx.execute(query).mappings()]


def kept(tx: Transaction, sop_instance_uids: Collection[str]) -> list[KeptReport]:
    """Those of the instances that are held."""
    query = (
        select(
            instance.c.sop_instance_uid,
            instance.c.study_instance_uid,
            instance.c.key,
            instance.c.size_bytes,
            instance.c.received_at,
            study.c.calling_ae_title,
        )
        .join(study, study.c.study_instance_uid == instance.c.study_instance_uid)
        .where(instance.c.sop_instance_uid.in_(sop_instance_uids))
    )
    return [KeptReport(**row) for row in tx.execute(query).mappings()]
