"""Instances: what came in by C-STORE and is kept in the spool."""

from dataclasses import asdict, dataclass

from sqlalchemy import insert, select, update

from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import StudyState, states_before
from dicom_node.ledger.schema import instance, study


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance in the spool under ``key``; ``sha256`` is that of the data set as received."""

    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    key: str
    size_bytes: int
    sha256: str


def find(tx: Transaction, sop_instance_uid: str) -> Instance | None:
    """The instance of this UID, if we hold it."""
    rows = tx.execute(select(*_COLUMNS).where(instance.c.sop_instance_uid == sop_instance_uid))
    row = rows.mappings().first()
    return Instance(**row) if row else None


def of_study(tx: Transaction, study_instance_uid: str) -> list[Instance]:
    """All instances of a study, in order of their UIDs."""
    query = select(*_COLUMNS).where(instance.c.study_instance_uid == study_instance_uid)
    rows = tx.execute(query.order_by(instance.c.series_instance_uid, instance.c.sop_instance_uid)).mappings()
    return [Instance(**row) for row in rows]


def enter(tx: Transaction, received: Instance, *, calling_ae_title: str, now: float) -> None:
    """Enter a new instance; its study is opened, kept open, or reopened."""
    _open_study(tx, received.study_instance_uid, calling_ae_title=calling_ae_title, now=now)
    tx.execute(insert(instance).values(**asdict(received), received_at=now))


def _open_study(tx: Transaction, study_instance_uid: str, *, calling_ae_title: str, now: float) -> None:
    this = study.c.study_instance_uid == study_instance_uid
    state = tx.scalar(select(study.c.state).where(this))
    if state is None:
        tx.execute(
            insert(study).values(
                study_instance_uid=study_instance_uid,
                state=StudyState.RECEIVING,
                calling_ae_title=calling_ae_title,
                opened_at=now,
                first_received_at=now,
                last_received_at=now,
            )
        )
        journal.record(tx, Event.STUDY_OPENED, now=now, study_instance_uid=study_instance_uid)
    elif state in states_before("study", StudyState.RECEIVING, by="scp"):
        reopened = (
            update(study).where(this).values(state=StudyState.RECEIVING, opened_at=now, last_received_at=now)
        )
        tx.execute(reopened)
        journal.record(tx, Event.STUDY_REOPENED, now=now, study_instance_uid=study_instance_uid)
    else:
        tx.execute(update(study).where(this).values(last_received_at=now))


_COLUMNS = [instance.c[name] for name in Instance.__dataclass_fields__]
