"""Studies: open, complete, routed, finished."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select, update

from dicom_node.events import Event
from dicom_node.ledger import journal
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState, states_before
from dicom_node.ledger.schema import analysis, delivery, instance, result, study


@dataclass(frozen=True, kw_only=True)
class OpenStudy:
    """What is known of a study that still receives; times in seconds since the epoch."""

    study_instance_uid: str
    opened_at: float
    last_received_at: float
    instances: int


def receiving(tx: Transaction) -> list[OpenStudy]:
    """The studies that still receive instances."""
    count = select(func.count()).where(instance.c.study_instance_uid == study.c.study_instance_uid)
    query = select(
        study.c.study_instance_uid,
        study.c.opened_at,
        study.c.last_received_at,
        count.scalar_subquery().label("instances"),
    ).where(study.c.state == StudyState.RECEIVING)
    return [OpenStudy(**row) for row in tx.execute(query).mappings()]


def mark_complete(tx: Transaction, seen: OpenStudy, *, because: str, now: float) -> bool:
    """Receiving -> complete, unless an instance came since ``seen``; says whether the step was taken."""
    taken = tx.execute(
        update(study)
        .where(study.c.study_instance_uid == seen.study_instance_uid)
        .where(study.c.state.in_(states_before("study", StudyState.COMPLETE, by="study")))
        .where(study.c.last_received_at == seen.last_received_at)
        .values(state=StudyState.COMPLETE, complete_at=now, complete_because=because)
    ).rowcount
    if taken:
        journal.record(
            tx, Event.STUDY_COMPLETE, now=now, study_instance_uid=seen.study_instance_uid, detail=because
        )
    return bool(taken)


def complete(tx: Transaction) -> list[str]:
    """The studies that wait to be routed, the oldest first."""
    query = select(study.c.study_instance_uid).where(study.c.state == StudyState.COMPLETE)
    return list(tx.scalars(query.order_by(study.c.complete_at)))


def mark_routed(tx: Transaction, study_instance_uid: str, *, detail: str, now: float) -> bool:
    """Complete -> routed; says whether the step was taken (an instance may have reopened the study)."""
    taken = tx.execute(
        update(study)
        .where(study.c.study_instance_uid == study_instance_uid)
        .where(study.c.state.in_(states_before("study", StudyState.ROUTED, by="routing")))
        .values(state=StudyState.ROUTED, routed_at=now)
    ).rowcount
    if taken:
        journal.record(tx, Event.STUDY_ROUTED, now=now, study_instance_uid=study_instance_uid, detail=detail)
    return bool(taken)


def finish_those_owed_nothing(tx: Transaction, *, now: float) -> list[str]:
    """Routed -> finished for each study with no analysis under way and nothing undelivered."""
    finished = list(tx.scalars(_owed_nothing()))
    for study_instance_uid in finished:
        tx.execute(
            update(study)
            .where(study.c.study_instance_uid == study_instance_uid)
            .where(study.c.state.in_(states_before("study", StudyState.FINISHED, by="steward")))
            .values(state=StudyState.FINISHED, finished_at=now)
        )
        journal.record(tx, Event.STUDY_FINISHED, now=now, study_instance_uid=study_instance_uid)
    return finished


def owe_again(tx: Transaction, study_instance_uid: str) -> None:
    """Finished -> routed: an analysis of the study is tried again."""
    tx.execute(
        update(study)
        .where(study.c.study_instance_uid == study_instance_uid)
        .where(study.c.state.in_(states_before("study", StudyState.ROUTED, by="admin")))
        .values(state=StudyState.ROUTED, finished_at=None)
    )


def any_owed_nothing(tx: Transaction) -> bool:
    """Whether ``finish_those_owed_nothing`` has anything to do; spares an idle steward its write lock."""
    return tx.scalar(_owed_nothing().limit(1)) is not None


def _owed_nothing() -> Select[str]:
    under_way = select(analysis.c.analysis_id).where(
        analysis.c.study_instance_uid == study.c.study_instance_uid,
        analysis.c.state.in_([AnalysisState.QUEUED, AnalysisState.RUNNING]),
    )
    undelivered = (
        select(delivery.c.sop_instance_uid)
        .join(result, result.c.sop_instance_uid == delivery.c.sop_instance_uid)
        .join(analysis, analysis.c.analysis_id == result.c.analysis_id)
        .where(analysis.c.study_instance_uid == study.c.study_instance_uid)
        .where(delivery.c.state != DeliveryState.DELIVERED)
    )
    routed = select(study.c.study_instance_uid).where(study.c.state == StudyState.ROUTED)
    return routed.where(~under_way.exists(), ~undelivered.exists())
