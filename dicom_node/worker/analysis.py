"""One analysis: claimed, run, its results on the shelf, and all of it committed with the fence."""

import logging
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from dicom_node.errors import NodeError
from dicom_node.events import Event
from dicom_node.ledger import analyses
from dicom_node.ledger.analyses import Claim
from dicom_node.queue.lease import Lease
from dicom_node.worker.shelf import Shelf
from dicom_node.worker.task import Bench, sources_of, wishes_of
from inference.errors import InferenceError, InputUnreadable, PredictionFailed
from inference.pipeline import EncodedResult, Outcome, analyse, report_not_run

logger = logging.getLogger(__name__)

SECONDS_BEFORE_NEXT_ATTEMPT = 5.0
SECONDS_UNTIL_THE_NODE_IS_WELL = 15.0
BROKE = "The analysis broke; the administrator of the node finds the cause in its log."


def analyse_next(bench: Bench) -> bool:
    """Do the best analysis that waits for one of this worker's models; False when there is none."""
    claim = _claim(bench)
    if claim is None:
        return False
    with Lease(bench.ledger, claim, lease_seconds=bench.settings.lease_seconds):
        try:
            _carry_out(bench, claim)
        except PredictionFailed as error:  # the device may be itself again at the next attempt
            _put_back(bench, claim, str(error), told=str(error))
        except InferenceError as error:
            _fail(bench, claim, str(error), told=str(error))
        except NodeError as error:  # a full disk, a ledger that is away: the analysis is not at fault
            _wait_for_the_node(bench, claim, str(error))
        except Exception as error:  # whatever a model throws, the ledger hears of it
            logger.exception("analysis %s broke", claim.analysis_id)
            reason = f"unforeseen {type(error).__name__} in the worker; see its log"
            _put_back(bench, claim, reason, told=BROKE)
    return True


def _claim(bench: Bench) -> Claim | None:
    with bench.ledger.transaction() as tx:
        return analyses.claim(
            tx,
            worker=bench.name,
            models=bench.models,
            now=time.time(),
            lease_seconds=bench.settings.lease_seconds,
        )


def _carry_out(bench: Bench, claim: Claim) -> None:
    outcome = analyse(
        bench.models[claim.model_name, claim.model_version],
        sources_of(bench, claim),
        now=datetime.now().astimezone(),
        wishes=wishes_of(bench, claim),
    )
    _keep(bench, claim, outcome)


def _keep(bench: Bench, claim: Claim, outcome: Outcome) -> None:
    """Results onto the shelf, then one commit; a worker whose fence is old clears its own shelf again."""
    shelf, notes = _shelf(bench, claim), _notes(outcome)
    is_refused = outcome.verdict == "refused"
    rows = shelf.put_results(outcome.results if bench.results.refusals or not is_refused else ())
    if outcome.preview_png is not None:
        notes["preview_key"] = shelf.put("preview.png", outcome.preview_png)
    reason = "; ".join(outcome.reasons)
    with bench.ledger.transaction() as tx:
        if is_refused:
            ours = analyses.refuse(tx, claim, rows, reason=reason, notes=notes, now=time.time())
        else:
            ours = analyses.succeed(tx, claim, rows, notes=notes, now=time.time())
    if not ours:
        logger.warning("analysis %s was taken by another worker; its results stand", claim.analysis_id)
        shelf.clear()
    elif is_refused:
        logger.info("analysis %s refused: %s", claim.analysis_id, reason)
    else:
        logger.info("analysis %s succeeded: %d results", claim.analysis_id, len(rows))


def _shelf(bench: Bench, claim: Claim) -> Shelf:
    return Shelf(ledger=bench.ledger, spool=bench.spool, claim=claim, recipients=bench.recipients)


def _notes(outcome: Outcome) -> dict[str, object]:
    """What is worth knowing of an analysis afterwards; goes into the ledger as JSON."""
    return {
        "verdict": outcome.verdict,
        "reasons": list(outcome.reasons),
        "confidence": [each.as_note() for each in outcome.confidence],
        "measured": [asdict(each) for each in outcome.measured],
        "seconds": {station: round(value, 3) for station, value in outcome.seconds.items()},
    }


def _fail(bench: Bench, claim: Claim, reason: str, *, told: str) -> None:
    """``reason`` is for the operator, ``told`` for whoever reads the report that nothing was found out."""
    shelf = _shelf(bench, claim)
    try:
        rows = shelf.put_results(_report_failure(bench, claim, told))
    except NodeError as error:
        _wait_for_the_node(bench, claim, str(error))
        return
    with bench.ledger.transaction() as tx:
        taken = analyses.fail(tx, claim, rows, reason=reason, now=time.time())
    if taken:
        logger.warning("analysis %s failed: %s", claim.analysis_id, reason)
    else:
        shelf.clear()


def _report_failure(bench: Bench, claim: Claim, told: str) -> Iterator[EncodedResult]:
    """None where the settings want none, or no header can be read: then there is nothing to report on."""
    if not bench.results.failures:
        return
    try:
        yield report_not_run(
            bench.models[claim.model_name, claim.model_version],
            sources_of(bench, claim),
            [told],
            now=datetime.now().astimezone(),
            wishes=wishes_of(bench, claim, after_itself=False),
        )
    except (InputUnreadable, ValueError) as error:
        logger.warning("analysis %s: no report that it failed (%s)", claim.analysis_id, type(error).__name__)


def _put_back(bench: Bench, claim: Claim, reason: str, *, told: str) -> None:
    if claim.attempts >= bench.settings.attempts_at_most:
        _fail(bench, claim, f"{reason} ({claim.attempts} attempts)", told=told)
        return
    now = time.time()
    with bench.ledger.transaction() as tx:
        taken = analyses.put_back(
            tx,
            claim,
            reason=reason,
            available_at=now + SECONDS_BEFORE_NEXT_ATTEMPT,
            event=Event.ANALYSIS_RETRIED,
            now=now,
        )
    if taken:
        logger.warning("analysis %s is tried again: %s", claim.analysis_id, reason)


def _wait_for_the_node(bench: Bench, claim: Claim, reason: str) -> None:
    now = time.time()
    with bench.ledger.transaction() as tx:
        taken = analyses.put_back(
            tx,
            claim,
            reason=reason,
            available_at=now + SECONDS_UNTIL_THE_NODE_IS_WELL,
            event=Event.ANALYSIS_RETRIED,
            now=now,
            counts=False,
        )
    if taken:
        logger.warning("analysis %s waits: %s", claim.analysis_id, reason)
