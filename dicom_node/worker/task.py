"""What an analysis starts from: the worker's bench, the files of its sources, how its results are to be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dicom_node.ledger import Ledger, instances, results
from dicom_node.ledger.analyses import Claim
from dicom_node.ledger.results import Replaced
from dicom_node.settings import QueueSettings, ResultsSettings
from dicom_node.spool import DiskSpool
from dicom_node.worker.models import ReadyModels
from dicom_node.worker.recipients import Recipient, encodings_of
from inference.pipeline import Predecessor, SeriesRule, Wishes


@dataclass(frozen=True, kw_only=True)
class Bench:
    """``name`` is the worker's; ``recipients`` are the destinations that results are owed to."""

    name: str
    ledger: Ledger
    spool: DiskSpool
    models: ReadyModels
    recipients: Sequence[Recipient]
    settings: QueueSettings
    results: ResultsSettings


def sources_of(bench: Bench, claim: Claim) -> list[Path]:
    """The files, by the UIDs of their instances."""
    with bench.ledger.snapshot() as tx:
        found = [instances.find(tx, uid) for uid in claim.source_instance_uids]
    return [bench.spool.path(source.key) for source in found if source is not None]


def wishes_of(bench: Bench, claim: Claim, *, after_itself: bool = True) -> Wishes:
    """By the settings and the ledger.

    Without ``after_itself`` the results replace nothing that earlier attempts at the same analysis left: a report that
    it failed again, for the same reason, is the report that is there.
    """
    with bench.ledger.snapshot() as tx:
        replaced = results.replaced_by(tx, claim.analysis_id)
    return Wishes(
        encodings=encodings_of(bench.recipients),
        series=_series(bench.results),
        replaces=tuple(
            _predecessor(each) for each in replaced if after_itself or each.analysis_id != claim.analysis_id
        ),
    )


def _series(rule: ResultsSettings) -> SeriesRule:
    return SeriesRule(
        times=rule.series_number_times,
        plus=rule.series_number_plus,
        description=rule.series_description,
    )


def _predecessor(replaced: Replaced) -> Predecessor:
    return Predecessor(
        kind=replaced.kind,
        sop_class_uid=replaced.sop_class_uid,
        sop_instance_uid=replaced.sop_instance_uid,
        series_instance_uid=replaced.series_instance_uid,
    )
