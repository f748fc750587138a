"""Analyses that will not be tried again."""

from dataclasses import dataclass

from sqlalchemy import select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState
from dicom_node.ledger.schema import analysis


@dataclass(frozen=True, kw_only=True)
class FailureReport:
    """One analysis that will not be tried again; ``ended_at`` in seconds since the epoch."""

    study_instance_uid: str
    model: str
    version: str
    error: str | None
    ended_at: float


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
