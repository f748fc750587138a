"""What became of each study, whole: its analyses, their results, and who declined."""

from dataclasses import dataclass

from sqlalchemy import func, select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState
from dicom_node.ledger.schema import analysis, decision, delivery, instance, model, result, study


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


def studies(
    tx: Transaction, *, at_most: int = 100, study_instance_uid: str | None = None
) -> list[StudyReport]:
    """The studies that received an instance last, the newest first; or the one named."""
    query = select(study).order_by(study.c.last_received_at.desc()).limit(at_most)
    if study_instance_uid is not None:
        query = query.where(study.c.study_instance_uid == study_instance_uid)
    return [_study(tx, dict(row)) for row in tx.execute(query).mappings()]


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
