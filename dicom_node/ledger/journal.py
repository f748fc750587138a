"""Events: what happened when, for people. No decision reads them."""

from sqlalchemy import insert

from dicom_node.events import Event
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import event


def record(
    tx: Transaction,
    name: Event,
    *,
    now: float,
    study_instance_uid: str | None = None,
    subject: str | None = None,
    detail: str | None = None,
) -> None:
    """Write one event; ``subject`` is the UID, analysis or destination it is about."""
    tx.execute(
        insert(event).values(
            at=now, name=name, study_instance_uid=study_instance_uid, subject=subject, detail=detail
        )
    )
