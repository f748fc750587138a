"""One analysis: claimed, run, its results on the shelf, and all of it committed with the fence."""

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from dicom_node.errors import NodeError
from dicom_node.events import Event
from dicom_node.ledger import Ledger, analyses, instances
from dicom_node.ledger.analyses import Claim, ResultRow
from dicom_node.queue.lease import Lease
from dicom_node.settings import QueueSettings
from dicom_node.spool import DiskSpool
from dicom_node.spool.layout import result_key
from dicom_node.worker.models import ReadyModels
from inference.errors import InferenceError, PredictionFailed
from inference.pipeline import EncodedResult, Outcome, analyse

logger = logging.getLogger(__name__)

SECONDS_BEFORE_NEXT_ATTEMPT = 5.0
SECONDS_UNTIL_THE_NODE_IS_WELL = 15.0


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What a worker has at hand. ``destinations`` are the names each result is owed to."""

    name: str
    ledger: Ledger
    spool: DiskSpool
    models: ReadyModels
    destinations: Sequence[str]
    settings: QueueSettings


def analyse_next(bench: Bench) -> bool:
    """Do the best analysis that waits for one of this worker's models; False when there is none."""
    claim = _claim(bench)
    if claim is None:
        return False
    with Lease(bench.ledger, claim, lease_seconds=bench.settings.lease_seconds):
        try:
            _carry_out(bench, claim)
        except PredictionFailed as error:  # the device may be itself again at the next attempt
            _put_back(bench, claim, str(error))
        except InferenceError as error:
            _fail(bench, claim, str(error))
        except NodeError as error:  # a full disk, a ledger that is away: the analysis is not at fault
            _wait_for_the_node(bench, claim, str(error))
        except Exception as error:  # whatever a model throws, the ledger hears of it
            logger.exception("analysis %s broke", claim.analysis_id)
            _put_back(bench, claim, f"unforeseen {type(error).__name__} in the worker; see its log")
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
    with bench.ledger.snapshot() as tx:
        sources = [instances.find(tx, uid) for uid in claim.source_instance_uids]
    paths = [bench.spool.path(source.key) for source in sources if source is not None]
    model = bench.models[claim.model_name, claim.model_version]
    outcome = analyse(model, paths, now=datetime.now().astimezone())
    if outcome.verdict == "refused":
        with bench.ledger.transaction() as tx:
            reason = "; ".join(outcome.reasons)
            analyses.refuse(tx, claim, reason=reason, notes=_notes(outcome), now=time.time())
        logger.info("analysis %s refused: %s", claim.analysis_id, reason)
        return
    _keep(bench, claim, outcome)


def _keep(bench: Bench, claim: Claim, outcome: Outcome) -> None:
    """Results onto the shelf, then one commit; a worker whose fence is old clears its own shelf again."""
    rows = [_shelve(bench, claim, made) for made in outcome.results]
    notes = _notes(outcome)
    if outcome.preview_png is not None:
        notes["preview_key"] = result_key(
            analysis_id=claim.analysis_id, fence=claim.fence, name="preview.png"
        )
        bench.spool.put(str(notes["preview_key"]), [outcome.preview_png])
    with bench.ledger.transaction() as tx:
        ours = analyses.succeed(
            tx, claim, rows, destinations=bench.destinations, notes=notes, now=time.time()
        )
    if ours:
        logger.info("analysis %s succeeded: %d results", claim.analysis_id, len(rows))
        return
    logger.warning("analysis %s was taken by another worker meanwhile; its results stand", claim.analysis_id)
    for key in [*(row.key for row in rows), str(notes.get("preview_key", ""))]:
        if key:
            bench.spool.remove(key)


def _shelve(bench: Bench, claim: Claim, made: EncodedResult) -> ResultRow:
    key = result_key(
        analysis_id=claim.analysis_id, fence=claim.fence, name=f"{made.kind}-{made.sop_instance_uid}.dcm"
    )
    return ResultRow(
        sop_instance_uid=made.sop_instance_uid,
        kind=made.kind,
        sop_class_uid=made.sop_class_uid,
        series_instance_uid=made.series_instance_uid,
        key=key,
        size_bytes=bench.spool.put(key, [made.content]),
        sha256=hashlib.sha256(made.content).hexdigest(),
    )


def _notes(outcome: Outcome) -> dict[str, object]:
    """What is worth knowing of an analysis afterwards; goes into the ledger as JSON."""
    return {
        "verdict": outcome.verdict,
        "reasons": list(outcome.reasons),
        "confidence": [each.as_note() for each in outcome.confidence],
        "measured": [asdict(each) for each in outcome.measured],
        "seconds": {station: round(value, 3) for station, value in outcome.seconds.items()},
    }


def _fail(bench: Bench, claim: Claim, reason: str) -> None:
    with bench.ledger.transaction() as tx:
        taken = analyses.fail(tx, claim, reason=reason, now=time.time())
    if taken:
        logger.warning("analysis %s failed: %s", claim.analysis_id, reason)


def _put_back(bench: Bench, claim: Claim, reason: str) -> None:
    if claim.attempts >= bench.settings.attempts_at_most:
        _fail(bench, claim, f"{reason} ({claim.attempts} attempts)")
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
