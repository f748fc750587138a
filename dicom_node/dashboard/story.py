"""The way of one study as a list of stations, in order, each with how long the way to it took. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dicom_node.dashboard.wording import counted
from dicom_node.ledger.lifecycle import AnalysisState, StudyState
from dicom_node.ledger.report import AnalysisReport, DecisionReport, DeliveryReport, StudyReport

_PASSED = list(StudyState)


@dataclass(frozen=True, kw_only=True)
class Station:
    """One thing that happened ``at`` (seconds since the epoch), and the seconds since what it followed on."""

    at: float
    took_seconds: float | None
    name: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Declined:
    """A model that did not get ``inputs`` of a series, for one reason."""

    decision: DecisionReport
    inputs: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """All results of one study on their way to one destination; ``error`` is what last stood in the way."""

    destination: str
    results: int
    delivered: int
    error: str | None


def stations_of(study: StudyReport) -> list[Station]:
    """The stations the study has passed on its present way, in the order of time.

    A study that was reopened by a late instance goes its way anew: what it had passed before is told
    by its events alone.
    """
    passed = [*_arrival(study), *_decisions(study)]
    for analysis in study.analyses:
        passed += [*_analysis(analysis), *_deliveries(analysis)]
    if study.finished_at is not None and _is_past(study, StudyState.FINISHED):
        passed.append(
            Station(at=study.finished_at, took_seconds=None, name="finished", detail="nothing is owed")
        )
    return sorted(passed, key=lambda station: station.at)


def declined_of(study: StudyReport) -> list[Declined]:
    """Who declined which series and why; the instances of a series that share a reason are counted."""
    return [Declined(decision=each, inputs=count) for each, count in Counter(study.declined).items()]


def ways_of(study: StudyReport) -> list[Way]:
    """How far the results of a study have come, by destination."""
    tries = [way for analysis in study.analyses for made in analysis.results for way in made.deliveries]
    return [_way(name, [way for way in tries if way.destination == name]) for name in _names(tries)]


def _names(tries: list[DeliveryReport]) -> list[str]:
    return sorted({way.destination for way in tries})


def _way(destination: str, tries: list[DeliveryReport]) -> Way:
    delivered = sum(1 for way in tries if way.delivered_at is not None)
    error = next((way.error for way in tries if way.error), None)
    return Way(destination=destination, results=len(tries), delivered=delivered, error=error)


def _arrival(study: StudyReport) -> Iterator[Station]:
    first, last = study.first_received_at, study.last_received_at
    detail = f"from {study.calling_ae_title}"
    yield Station(at=first, took_seconds=None, name="first instance", detail=detail)
    if last > first:
        detail = counted(study.instances, "instance")
        yield Station(at=last, took_seconds=last - first, name="last instance", detail=detail)


def _decisions(study: StudyReport) -> Iterator[Station]:
    complete, routed = study.complete_at, study.routed_at
    if complete is not None and _is_past(study, StudyState.COMPLETE):
        waited = complete - study.last_received_at
        because = study.complete_because or ""
        yield Station(at=complete, took_seconds=waited, name="complete", detail=because)
        if routed is not None and _is_past(study, StudyState.ROUTED):
            yield Station(at=routed, took_seconds=routed - complete, name="routed", detail=_verdict_on(study))


def _verdict_on(study: StudyReport) -> str:
    declined = len({(each.model, each.version, each.reason) for each in study.declined})
    reasons = f", {counted(declined, 'reason')} to decline" if declined else ""
    return f"{counted(len(study.analyses), 'analysis', 'analyses')}{reasons}"


def _analysis(analysis: AnalysisReport) -> Iterator[Station]:
    model = f"{analysis.model} {analysis.version}"
    yield Station(at=analysis.queued_at, took_seconds=None, name="analysis queued", detail=model)
    if analysis.started_at is None:
        return
    attempt = f"{model}, attempt {analysis.attempts}" if analysis.attempts > 1 else model
    waited = analysis.started_at - analysis.queued_at
    yield Station(at=analysis.started_at, took_seconds=waited, name="analysis started", detail=attempt)
    if analysis.ended_at is not None:
        worked = analysis.ended_at - analysis.started_at
        detail = f"{model}: {_outcome(analysis)}"
        name = f"analysis {analysis.state}"
        yield Station(at=analysis.ended_at, took_seconds=worked, name=name, detail=detail)


def _outcome(analysis: AnalysisReport) -> str:
    if analysis.state == AnalysisState.SUCCEEDED:
        return ", ".join(made.kind for made in analysis.results) or "no result"
    return analysis.error or "no reason was recorded"


def _deliveries(analysis: AnalysisReport) -> Iterator[Station]:
    for made in analysis.results:
        for way in made.deliveries:
            if way.delivered_at is not None:
                tries = f", attempt {way.attempts}" if way.attempts > 1 else ""
                yield Station(
                    at=way.delivered_at,
                    took_seconds=way.delivered_at - way.owed_at,
                    name="result delivered",
                    detail=f"{made.kind} to {way.destination}{tries}",
                )


def _is_past(study: StudyReport, state: StudyState) -> bool:
    return _PASSED.index(StudyState(study.state)) >= _PASSED.index(state)
