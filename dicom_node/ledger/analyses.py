"""Analyses: one model on one input of a study; claimed with a fence and a lease, ended only with that fence."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, RowMapping, and_, insert, or_, select, tuple_, update

from dicom_node.events import Event
from dicom_node.ledger import journal, results, studies
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState, states_before
from dicom_node.ledger.results import ResultRow
from dicom_node.ledger.schema import analysis


@dataclass(frozen=True, kw_only=True)
class Order:
    """An analysis to be done. ``analysis_id`` is derived from all the rest, so that it is ordered once."""

    analysis_id: str
    study_instance_uid: str
    series_instance_uid: str
    source_instance_uids: tuple[str, ...]
    model_name: str
    model_version: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An analysis in a worker's hands. Only the holder of the newest ``fence`` can end it."""

    analysis_id: str
    study_instance_uid: str
    series_instance_uid: str
    source_instance_uids: tuple[str, ...]
    model_name: str
    model_version: str
    attempts: int
    fence: int


def queue(tx: Transaction, order: Order, *, now: float) -> bool:
    """Queue an analysis unless it was ordered before; says whether it is new."""
    known = tx.scalar(select(analysis.c.analysis_id).where(analysis.c.analysis_id == order.analysis_id))
    if known is not None:
        return False
    values = asdict(order) | {"source_instance_uids": list(order.source_instance_uids)}
    tx.execute(insert(analysis).values(**values, state=AnalysisState.QUEUED, available_at=now, queued_at=now))
    _record(tx, Event.ANALYSIS_QUEUED, order, now=now)
    return True


def unhinted(tx: Transaction, *, now: float, hint_again_after_seconds: float, at_most: int) -> list[str]:
    """Queued analyses for which no worker was woken, or so long ago that the hint may be lost."""
    query = (
        select(analysis.c.analysis_id)
        .where(analysis.c.state == AnalysisState.QUEUED, analysis.c.available_at <= now)
        .where(or_(analysis.c.hinted_at.is_(None), analysis.c.hinted_at <= now - hint_again_after_seconds))
        .order_by(analysis.c.queued_at)
        .limit(at_most)
    )
    return list(tx.scalars(query))


def mark_hinted(tx: Transaction, analysis_ids: Sequence[str], *, now: float) -> None:
    """Remember that a worker was woken for these."""
    tx.execute(update(analysis).where(analysis.c.analysis_id.in_(analysis_ids)).values(hinted_at=now))


def claim(
    tx: Transaction, *, worker: str, models: Iterable[tuple[str, str]], now: float, lease_seconds: float
) -> Claim | None:
    """Queued -> running for the best row (priority, then age) that one of ``models`` (name, version) can do."""
    best = (
        select(analysis.c.analysis_id)
        .where(analysis.c.state == AnalysisState.QUEUED, analysis.c.available_at <= now)
        .where(tuple_(analysis.c.model_name, analysis.c.model_version).in_(list(models)))
        .order_by(analysis.c.priority.desc(), analysis.c.queued_at)
        .limit(1)
    )
    taken = (
        update(analysis)
        .where(analysis.c.analysis_id == best.scalar_subquery())
        .where(analysis.c.state.in_(states_before("analysis", AnalysisState.RUNNING, by="worker")))
        .values(
            state=AnalysisState.RUNNING,
            fence=analysis.c.fence + 1,
            attempts=analysis.c.attempts + 1,
            lease_until=now + lease_seconds,
            worker=worker,
            started_at=now,
            ended_at=None,
        )
        .returning(*(analysis.c[name] for name in Claim.__dataclass_fields__))
    )
    row = tx.execute(taken).mappings().first()
    if row is None:
        return None
    claimed = _claim_of(row)
    _record(tx, Event.ANALYSIS_STARTED, claimed, now=now, detail=f"attempt {claimed.attempts} by {worker}")
    return claimed


def renew(tx: Transaction, held: Claim, *, now: float, lease_seconds: float) -> bool:
    """Lengthen the lease; False when the analysis was taken from this worker."""
    renewed = update(analysis).where(_held(held)).values(lease_until=now + lease_seconds)
    return bool(tx.execute(renewed).rowcount)


def succeed(
    tx: Transaction,
    held: Claim,
    made: Sequence[ResultRow],
    *,
    notes: dict[str, object],
    now: float,
) -> bool:
    """Running -> succeeded, with its results and what is owed to each destination, in one commit.

    False when the fence is not the newest: then nothing was written and the results are not ours to give.
    """
    if not _end(tx, held, AnalysisState.SUCCEEDED, now=now, notes=notes):
        return False
    results.enter(tx, made, analysis_id=held.analysis_id, now=now)
    _record(tx, Event.ANALYSIS_SUCCEEDED, held, now=now, detail=f"{len(made)} results")
    return True


def refuse(
    tx: Transaction,
    held: Claim,
    made: Sequence[ResultRow] = (),
    *,
    reason: str,
    notes: dict[str, object],
    now: float,
) -> bool:
    """Running -> refused: the gate declined the input; a report may say so. False when the fence is not the newest."""
    ended = _end(tx, held, AnalysisState.REFUSED, now=now, error=reason, notes=notes)
    if ended:
        results.enter(tx, made, analysis_id=held.analysis_id, now=now)
        _record(tx, Event.ANALYSIS_REFUSED, held, now=now, detail=reason)
    return ended


def fail(tx: Transaction, held: Claim, made: Sequence[ResultRow] = (), *, reason: str, now: float) -> bool:
    """Running -> failed, not to be tried again; a report may say so. False when the fence is not the newest."""
    ended = _end(tx, held, AnalysisState.FAILED, now=now, error=reason)
    if ended:
        results.enter(tx, made, analysis_id=held.analysis_id, now=now)
        _record(tx, Event.ANALYSIS_FAILED, held, now=now, detail=reason)
    return ended


def put_back(
    tx: Transaction,
    held: Claim,
    *,
    reason: str,
    available_at: float,
    event: Event,
    now: float,
    counts: bool = True,
) -> bool:
    """Running -> queued, to be claimed again from ``available_at`` on. False when the fence is not the newest.

    Without ``counts`` the attempt is not counted: the node was at fault, not the analysis.
    """
    back = tx.execute(
        update(analysis)
        .where(_held(held))
        .values(
            state=AnalysisState.QUEUED,
            attempts=held.attempts if counts else held.attempts - 1,
            error=reason,
            available_at=available_at,
            lease_until=None,
            hinted_at=None,
        )
    ).rowcount
    if back:
        _record(tx, event, held, now=now, detail=reason)
    return bool(back)


def retry_failed(tx: Transaction, study_instance_uid: str, *, now: float) -> int:
    """Failed -> queued for every failed analysis of a study, its attempts counted anew; returns how many."""
    query = select(*(analysis.c[name] for name in Claim.__dataclass_fields__)).where(
        analysis.c.study_instance_uid == study_instance_uid,
        analysis.c.state.in_(states_before("analysis", AnalysisState.QUEUED, by="admin")),
    )
    failed = [_claim_of(row) for row in tx.execute(query).mappings()]
    for each in failed:
        tx.execute(
            update(analysis)
            .where(analysis.c.analysis_id == each.analysis_id)
            .values(state=AnalysisState.QUEUED, attempts=0, available_at=now, hinted_at=None, ended_at=None)
        )
        _record(tx, Event.ANALYSIS_REQUEUED, each, now=now)
    if failed:
        studies.owe_again(tx, study_instance_uid)
    return len(failed)


def with_expired_lease(tx: Transaction, *, now: float) -> list[Claim]:
    """Running analyses whose worker has not been heard of in time."""
    query = select(*(analysis.c[name] for name in Claim.__dataclass_fields__)).where(
        analysis.c.state == AnalysisState.RUNNING, analysis.c.lease_until < now
    )
    return [_claim_of(row) for row in tx.execute(query).mappings()]


def _claim_of(row: RowMapping) -> Claim:
    return Claim(**{**row, "source_instance_uids": tuple(row["source_instance_uids"])})


def _end(
    tx: Transaction,
    held: Claim,
    state: AnalysisState,
    *,
    now: float,
    error: str | None = None,
    notes: dict[str, object] | None = None,
) -> bool:
    ended = tx.execute(
        update(analysis)
        .where(_held(held), analysis.c.state.in_(states_before("analysis", state, by="worker")))
        .values(state=state, ended_at=now, lease_until=None, error=error, notes=notes)
    )
    return bool(ended.rowcount)


def _held(held: Claim) -> ColumnElement[bool]:
    return and_(
        analysis.c.analysis_id == held.analysis_id,
        analysis.c.fence == held.fence,
        analysis.c.state == AnalysisState.RUNNING,
    )


def _record(
    tx: Transaction, name: Event, about: Order | Claim, *, now: float, detail: str | None = None
) -> None:
    journal.record(
        tx,
        name,
        now=now,
        study_instance_uid=about.study_instance_uid,
        subject=about.analysis_id,
        detail=detail,
    )
