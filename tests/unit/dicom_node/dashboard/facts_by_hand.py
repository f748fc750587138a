"""A node that is well, to be spoilt one fact at a time."""

from dicom_node.dashboard.facts import Facts
from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.ledger.report import Depth

NOW = 1_772_366_400.0


def depth(oldest_seconds: float = 0.0, **numbers: int) -> Depth:
    """Nothing anywhere, but for ``analyses_queued=2`` and the like."""

    def count(subject: str, states: type) -> dict[str, int]:
        return {str(state): numbers.get(f"{subject}_{state}", 0) for state in states}

    return Depth(
        studies=count("studies", StudyState),
        analyses=count("analyses", AnalysisState),
        deliveries=count("deliveries", DeliveryState),
        oldest_seconds=oldest_seconds,
    )


def process(kind: str, *, silent_seconds: float = 1.0) -> Process:
    return Process(
        process=f"node1:{kind}",
        kind=kind,
        state="idle",
        started_at=NOW - 900,
        seen_at=NOW - silent_seconds,
    )


def model(name: str = "cxr_lungs", reason: str | None = None) -> ModelState:
    return ModelState(
        model_name=name, model_version="1.0.0", digest=None, reason_not_ready=reason, checked_at=NOW
    )


WELL = Facts(
    now=NOW,
    depth=depth(),
    processes=tuple(process(kind) for kind in ("receive", "steward", "work", "dashboard")),
    models=(model(),),
    queued_by_model={},
    deliveries=(),
    hindrances=(),
    failures=(),
    refused=(),
    rejections=(),
    quarantined=0,
    destinations=("pacs",),
)
