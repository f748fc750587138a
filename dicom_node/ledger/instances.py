"""Instances: what came in by C-STORE and is kept in the spool."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, insert, select, update

from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.dialect import insert_if_new
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import StudyState, states_before
from dicom_node.ledger.schema import instance, study


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance in the spool under ``key``."""

    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    key: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An instance that came in, from whom and when (seconds since the epoch)."""

    instance: Instance
    calling_ae_title: str
    received_at: float


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


def enter(tx: Transaction, received: Instance, *, calling_ae_title: str, now: float) -> bool:
    """Enter an instance; its study is opened, kept open, or reopened.

    False when its SOP Instance UID is known: no row, and no study is opened or reopened for it.
    """
    arrival = Arrival(instance=received, calling_ae_title=calling_ae_title, received_at=now)
    return enter_all(tx, [arrival]) == 1


def enter_all(tx: Transaction, arrivals: Sequence[Arrival]) -> int:
    """Enter instances together, one question a study; returns how many of them were new. See ``enter``."""
    by_study: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        by_study.setdefault(arrival.instance.study_instance_uid, []).append(arrival)
    return sum(_enter_in_study(tx, uid, together) for uid, together in by_study.items())


def _enter_in_study(tx: Transaction, study_instance_uid: str, arrivals: list[Arrival]) -> int:
    now = max(arrival.received_at for arrival in arrivals)
    is_receiving = tx.execute(_KEEP_OPEN, {"uid": study_instance_uid, "now": now}).rowcount
    if not is_receiving:
        arrivals = [each for each in arrivals if find(tx, each.instance.sop_instance_uid) is None]
        if not arrivals:
            return 0
        _open_study(tx, study_instance_uid, calling_ae_title=arrivals[0].calling_ae_title, now=now)
    rows = [{**each.instance.__dict__, "received_at": each.received_at} for each in arrivals]
    return int(tx.execute(_ENTER, rows).rowcount)


def _open_study(tx: Transaction, study_instance_uid: str, *, calling_ae_title: str, now: float) -> None:
    reopened = tx.execute(
        update(study)
        .where(study.c.study_instance_uid == study_instance_uid)
        .where(study.c.state.in_(states_before("study", StudyState.RECEIVING, by="scp")))
        .values(state=StudyState.RECEIVING, opened_at=now, last_received_at=now)
    ).rowcount
    if not reopened:
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
    name = Event.STUDY_REOPENED if reopened else Event.STUDY_OPENED
    journal.record(tx, name, now=now, study_instance_uid=study_instance_uid)


# Built once: building them anew takes longer than carrying them out, and every instance waits for it.
_KEEP_OPEN = (
    update(study)
    .where(study.c.study_instance_uid == bindparam("uid"), study.c.state == StudyState.RECEIVING)
    .values(
        # One that is entered late, after a kill, is older than those that came meanwhile.
        last_received_at=case(
            (study.c.last_received_at > bindparam("now"), study.c.last_received_at), else_=bindparam("now")
        )
    )
)
_ENTER = insert_if_new(instance)
_COLUMNS = [instance.c[name] for name in Instance.__dataclass_fields__]
