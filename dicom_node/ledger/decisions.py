"""Decisions: which model gets which input of a study, and the reason for every no."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import decision


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One model against one series (or one instance of it); no reason to decline means yes."""

    series_instance_uid: str
    sop_instance_uid: str | None
    model_name: str
    model_version: str
    reason_to_decline: str | None


def replace_all(tx: Transaction, study_instance_uid: str, decisions: list[Decision], *, now: float) -> None:
    """Write the decisions of a study in place of those from an earlier routing."""
    tx.execute(delete(decision).where(decision.c.study_instance_uid == study_instance_uid))
    for made in decisions:
        tx.execute(
            insert(decision).values(**asdict(made), study_instance_uid=study_instance_uid, decided_at=now)
        )
