"""What ``status`` and ``studies`` answer, as JSON for programs and as text for people."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from dicom_node.ledger.callers import RefusedCaller
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.ledger.report import AnalysisReport, Depth, ResultReport, StudyReport


def status_as_json(
    depth: Depth, processes: list[Process], models: list[ModelState], refused: list[RefusedCaller]
) -> dict[str, Any]:
    """The node's state; times are ISO 8601 in UTC."""
    return {
        **asdict(depth),
        "processes": [_with_dates(asdict(each)) for each in processes],
        "models": [_with_dates(asdict(each)) for each in models],
        "refused_callers": [_with_dates(asdict(each)) for each in refused],
    }


def status_as_text(
    depth: Depth, processes: list[Process], models: list[ModelState], refused: list[RefusedCaller]
) -> Iterator[str]:
    """The node's state, a line each."""
    yield f"studies     {_counts(depth.studies)}"
    yield f"analyses    {_counts(depth.analyses)}; the oldest waits for {depth.oldest_seconds:.0f} s"
    yield f"deliveries  {_counts(depth.deliveries)}"
    for model in models:
        yield f"model       {model.model_name} {model.model_version}: {model.reason_not_ready or 'ready'}"
    for process in processes:
        yield f"process     {process.kind} {process.place}: {process.state}"
    if not processes:
        yield "process     none is alive: start the node with `dicom-node up`"
    for caller in refused:
        often = f"{caller.times} times since {_date(caller.first_seen_at)}"
        yield f"refused     {caller.who}, {often}: it {caller.reason}. {caller.remedy}"


def studies_as_json(studies: Iterable[StudyReport]) -> list[dict[str, Any]]:
    """Each study whole; a result has one entry for each destination it is owed to."""
    return [_study(each) for each in studies]


def studies_as_text(studies: Iterable[StudyReport]) -> Iterator[str]:
    """Each study in a few lines: its state, and the reason for everything that did not happen."""
    for study in studies:
        because = f" ({study.complete_because})" if study.complete_because else ""
        waits = f": {study.waits_because}" if study.waits_because else ""
        yield f"{study.study_instance_uid}  {study.state}  {study.instances} instances{because}{waits}"
        for analysis in study.analyses:
            error = f": {analysis.error}" if analysis.error else ""
            yield f"  {analysis.model} {analysis.version}  {analysis.state}, {analysis.attempts} attempts{error}"
            if analysis.notes.get("verdict") == "flagged":
                reasons = analysis.notes.get("reasons")
                yield f"    flagged: {'; '.join(reasons) if isinstance(reasons, list) else reasons}"
            yield from _results_as_text(analysis.results)
        for no in study.declined:
            yield f"  {no.model} {no.version}  not for series {no.series_instance_uid}: {no.reason}"


def _results_as_text(results: Iterable[ResultReport]) -> Iterator[str]:
    for result in results:
        yield f"    {result.kind} {result.sop_instance_uid}"
        for way in result.deliveries:
            error = f": {way.error}" if way.error else ""
            yield f"      {way.destination}  {way.state}, {way.attempts} attempts{error}"


def _counts(states: dict[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in states.items())


def _study(study: StudyReport) -> dict[str, Any]:
    plain = asdict(study) | {
        "analyses": [_analysis(each) for each in study.analyses],
        "declined": [asdict(each) for each in study.declined],
    }
    return _with_dates(plain)


def _analysis(analysis: AnalysisReport) -> dict[str, Any]:
    plain = asdict(analysis) | {"results": [row for each in analysis.results for row in _result(each)]}
    return _with_dates(plain)


def _result(result: ResultReport) -> Iterator[dict[str, Any]]:
    made = {name: value for name, value in asdict(result).items() if name != "deliveries"}
    nowhere = {"destination": None, "delivery_state": None}
    if not result.deliveries:
        yield _with_dates(made | nowhere)
    for way in result.deliveries:
        sent = {
            "destination": way.destination,
            "delivery_state": way.state,
            "delivery_attempts": way.attempts,
            "delivery_error": way.error,
            "owed_at": way.owed_at,
            "delivered_at": way.delivered_at,
        }
        yield _with_dates(made | sent)


def _with_dates(plain: dict[str, Any]) -> dict[str, Any]:
    """Seconds since the epoch under ``…_at`` as ISO 8601."""
    return {name: _date(value) if name.endswith("_at") else value for name, value in plain.items()}


def _date(seconds: float | None) -> str | None:
    return (
        None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    )
