"""What people ask: how is the node, and what became of each study. Read by the command line and the dashboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from dicom_node.errors import LedgerAway
from dicom_node.ledger.ledger import Ledger, Transaction
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.schema import analysis, decision, delivery, event, instance, model, result, study


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How much is owed now. ``oldest_seconds`` is the age of the oldest queued or running analysis."""

    studies: dict[str, int]
    analyses: dict[str, int]
    deliveries: dict[str, int]
    oldest_seconds: float


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """One result's way to one destination."""

    destination: str
    state: str
    attempts: int
    error: str | None
    owed_at: float
    delivered_at: float | None


@dataclass(frozen=True, kw_only=True)
class ResultReport:
    """One SEG, SR … instance and its deliveries."""

    kind: str
    sop_instance_uid: str
    sop_class_uid: str
    series_instance_uid: str
    made_at: float
    deliveries: tuple[DeliveryReport, ...]


@dataclass(frozen=True, kw_only=True)
class AnalysisReport:
    """One model on one input; ``error`` is the reason where it was refused, failed, or waits."""

    analysis_id: str
    model: str
    version: str
    series_instance_uid: str
    source_instance_uids: tuple[str, ...]
    state: str
    attempts: int
    error: str | None
    queued_at: float
    started_at: float | None
    ended_at: float | None
    notes: dict[str, object]
    results: tuple[ResultReport, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionReport:
    """Why a model did not get a series; only the declined ones."""

    model: str
    version: str
    series_instance_uid: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StudyReport:
    """One study, whole."""

    study_instance_uid: str
    state: str
    instances: int
    calling_ae_title: str
    complete_because: str | None
    first_received_at: float
    last_received_at: float
    complete_at: float | None
    routed_at: float | None
    finished_at: float | None
    analyses: tuple[AnalysisReport, ...]
    declined: tuple[DecisionReport, ...]
    waits_because: str | None = None


@dataclass(frozen=True, kw_only=True)
class EventReport:
    """One line of the journal."""

    at: float
    name: str
    study_instance_uid: str | None
    subject: str | None
    detail: str | None


@dataclass(frozen=True, kw_only=True)
class FailureReport:
    """One analysis that will not be tried again; ``ended_at`` in seconds since the epoch."""

    study_instance_uid: str
    model: str
    version: str
    error: str | None
    ended_at: float


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


@contextmanager
def answering(ledger: Ledger) -> Iterator[Transaction]:
    """A snapshot to ask from; raises LedgerAway, in words, when the ledger does not answer."""
    try:
        with ledger.snapshot() as tx:
            yield tx
    except SQLAlchemyError as error:
        raise LedgerAway(f"the ledger does not answer: {getattr(error, 'orig', error)}") from error


def depth(tx: Transaction, *, now: float) -> Depth:
    """How much is owed, by state."""
    waiting = [AnalysisState.QUEUED, AnalysisState.RUNNING]
    oldest = tx.scalar(select(func.min(analysis.c.queued_at)).where(analysis.c.state.in_(waiting)))
    return Depth(
        studies=_count(tx, select(study.c.state, func.count()).group_by(study.c.state), StudyState),
        analyses=_count(tx, select(analysis.c.state, func.count()).group_by(analysis.c.state), AnalysisState),
        deliveries=_count(
            tx, select(delivery.c.state, func.count()).group_by(delivery.c.state), DeliveryState
        ),
        oldest_seconds=max(0.0, now - oldest) if oldest is not None else 0.0,
    )


def studies(
    tx: Transaction, *, at_most: int = 100, study_instance_uid: str | None = None
) -> list[StudyReport]:
    """The studies that received an instance last, the newest first; or the one named."""
    query = select(study).order_by(study.c.last_received_at.desc()).limit(at_most)
    if study_instance_uid is not None:
        query = query.where(study.c.study_instance_uid == study_instance_uid)
    return [_study(tx, dict(row)) for row in tx.execute(query).mappings()]


def latest_events(
    tx: Transaction, *, at_most: int = 100, study_instance_uid: str | None = None
) -> list[EventReport]:
    """The newest events first, of the node or of one study."""
    columns = [event.c[name] for name in EventReport.__dataclass_fields__]
    query = select(*columns).order_by(event.c.event_id.desc()).limit(at_most)
    if study_instance_uid is not None:
        query = query.where(event.c.study_instance_uid == study_instance_uid)
    return [EventReport(**row) for row in tx.execute(query).mappings()]


def latest_failures(tx: Transaction, *, since: float, at_most: int = 100) -> list[FailureReport]:
    """The analyses that failed after ``since``, the newest first."""
    query = (
        select(
            analysis.c.study_instance_uid,
            analysis.c.model_name.label("model"),
            analysis.c.model_version.label("version"),
            analysis.c.error,
            analysis.c.ended_at,
        )
        .where(analysis.c.state == AnalysisState.FAILED, analysis.c.ended_at > since)
        .order_by(analysis.c.ended_at.desc())
        .limit(at_most)
    )
    return [FailureReport(**row) for row in tx.execute(query).mappings()]


def queued_by_model(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many analyses wait for each model (name, version)."""
    columns = (analysis.c.model_name, analysis.c.model_version)
    query = select(*columns, func.count()).where(analysis.c.state == AnalysisState.QUEUED).group_by(*columns)
    return {(name, version): count for name, version, count in tx.execute(query)}


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


def _count(
    tx: Transaction,
    query: Select[str, int],
    states: type[StudyState] | type[AnalysisState] | type[DeliveryState],
) -> dict[str, int]:
    counted = {row[0]: row[1] for row in tx.execute(query)}
    return {str(state): counted.get(state, 0) for state in states}


def _study(tx: Transaction, row: dict[str, object]) -> StudyReport:
    uid = row["study_instance_uid"]
    count = tx.scalar(select(func.count()).where(instance.c.study_instance_uid == uid))
    found = tx.execute(
        select(analysis, model.c.reason_not_ready)
        .outerjoin(
            model,
            (model.c.model_name == analysis.c.model_name)
            & (model.c.model_version == analysis.c.model_version),
        )
        .where(analysis.c.study_instance_uid == uid)
        .order_by(analysis.c.queued_at, analysis.c.analysis_id)
    ).mappings()
    declined = tx.execute(
        select(
            decision.c.model_name.label("model"),
            decision.c.model_version.label("version"),
            decision.c.series_instance_uid,
            decision.c.reason_to_decline.label("reason"),
        )
        .where(decision.c.study_instance_uid == uid, decision.c.reason_to_decline.is_not(None))
        .order_by(decision.c.decision_id)
    ).mappings()
    kept = {name: row[name] for name in StudyReport.__dataclass_fields__ if name in row}
    return StudyReport(
        **kept,  # type: ignore[arg-type]
        instances=count or 0,
        analyses=tuple([_analysis(tx, dict(each)) for each in found]),
        declined=tuple(DecisionReport(**each) for each in declined),
    )


def _analysis(tx: Transaction, row: dict[str, object]) -> AnalysisReport:
    made = tx.execute(
        select(result).where(result.c.analysis_id == row["analysis_id"]).order_by(result.c.kind)
    ).mappings()
    kept = {name: row[name] for name in AnalysisReport.__dataclass_fields__ if name in row}
    kept["source_instance_uids"] = tuple(row["source_instance_uids"])  # type: ignore[arg-type]
    kept["notes"] = row["notes"] or {}
    if row["state"] == AnalysisState.QUEUED and row["reason_not_ready"]:
        kept["error"] = f"waits for its model: {row['reason_not_ready']}"
    return AnalysisReport(
        **kept,  # type: ignore[arg-type]
        model=str(row["model_name"]),
        version=str(row["model_version"]),
        results=tuple([_result(tx, dict(each)) for each in made]),
    )


def _result(tx: Transaction, row: dict[str, object]) -> ResultReport:
    columns = [delivery.c[name] for name in DeliveryReport.__dataclass_fields__]
    ways = tx.execute(
        select(*columns)
        .where(delivery.c.sop_instance_uid == row["sop_instance_uid"])
        .order_by(delivery.c.destination)
    ).mappings()
    kept = {name: row[name] for name in ResultReport.__dataclass_fields__ if name in row}
    return ResultReport(**kept, deliveries=tuple(DeliveryReport(**way) for way in ways))  # type: ignore[arg-type]
