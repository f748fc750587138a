"""How much is owed now, by state and by model."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.schema import analysis, delivery, study


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How much is owed now. ``oldest_seconds`` is the age of the oldest queued or running analysis."""

    studies: dict[str, int]
    analyses: dict[str, int]
    deliveries: dict[str, int]
    oldest_seconds: float


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


def queued_by_model(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many analyses wait for each model (name, version)."""
    columns = (analysis.c.model_name, analysis.c.model_version)
    query = select(*columns, func.count()).where(analysis.c.state == AnalysisState.QUEUED).group_by(*columns)
    return {(name, version): count for name, version, count in tx.execute(query)}


def _count(
    tx: Transaction,
    query: Select[str, int],
    states: type[StudyState] | type[AnalysisState] | type[DeliveryState],
) -> dict[str, int]:
    counted = {row[0]: row[1] for row in tx.execute(query)}
    return {str(state): counted.get(state, 0) for state in states}
