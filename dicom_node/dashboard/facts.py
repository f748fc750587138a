"""What the ledger knows of the node's health, read at one moment."""

from dataclasses import dataclass
from pathlib import Path

from dicom_node.dashboard.quarantine import count_quarantined
from dicom_node.ledger import Transaction, callers, models, processes, report
from dicom_node.ledger.callers import SHOWN_FOR_SECONDS, RefusedCaller
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import FORGOTTEN_AFTER_SECONDS, SILENT_AFTER_SECONDS, Process
from dicom_node.ledger.report import (
    Depth,
    DestinationReport,
    FailureReport,
    HindranceReport,
    RejectionReport,
)

WITHIN_SECONDS = 86_400.0
KINDS = ("receive", "steward", "work", "dashboard")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The node at ``now`` (seconds since the epoch).

    ``processes`` are all that were heard of within the hour, also those silent by now;
    ``failures``, ``rejections`` and ``refused`` callers are those of the last day; ``quarantined`` is how many
    instances have other content in quarantine; ``destinations`` are the names in the settings.
    """

    now: float
    depth: Depth
    processes: tuple[Process, ...]
    models: tuple[ModelState, ...]
    queued_by_model: dict[tuple[str, str], int]
    deliveries: tuple[DestinationReport, ...]
    hindrances: tuple[HindranceReport, ...]
    failures: tuple[FailureReport, ...]
    refused: tuple[RefusedCaller, ...]
    rejections: tuple[RejectionReport, ...]
    quarantined: int
    destinations: tuple[str, ...]

    @property
    def deliveries_everywhere(self) -> tuple[DestinationReport, ...]:
        """``deliveries``, and an empty line for each destination in the settings that has had nothing yet."""
        known = {each.destination for each in self.deliveries}
        return self.deliveries + tuple(
            DestinationReport(destination=name, undelivered=0, delivered=0, last_delivered_at=None)
            for name in self.destinations
            if name not in known
        )

    @property
    def rejected(self) -> int:
        """How many instances were rejected within the last day."""
        return sum(each.times for each in self.rejections)

    def is_alive(self, process: Process) -> bool:
        """Whether the process was heard of so lately that it counts as alive."""
        return process.seen_at >= self.now - SILENT_AFTER_SECONDS

    def alive(self, kind: str) -> int:
        """How many processes of a kind are alive."""
        return sum(1 for process in self.processes if process.kind == kind and self.is_alive(process))


def read_facts(tx: Transaction, *, now: float, destinations: tuple[str, ...], spool: Path) -> Facts:
    """Ask the ledger for all of it in one transaction, so that the figures agree with each other.

    ``spool`` is the folder in which the quarantine lies.
    """
    return Facts(
        now=now,
        depth=report.depth(tx, now=now),
        processes=tuple(processes.alive(tx, now=now, within_seconds=FORGOTTEN_AFTER_SECONDS)),
        models=tuple(models.all_found(tx)),
        queued_by_model=report.queued_by_model(tx),
        deliveries=tuple(report.destinations(tx)),
        hindrances=tuple(report.hindrances(tx)),
        failures=tuple(report.latest_failures(tx, since=now - WITHIN_SECONDS)),
        refused=tuple(callers.refused(tx, since=now - SHOWN_FOR_SECONDS)),
        rejections=tuple(report.rejections(tx, since=now - WITHIN_SECONDS)),
        quarantined=count_quarantined(spool),
        destinations=destinations,
    )
