"""The one table of states and steps; docs, dashboard, tests and the diagram are read from it.

A step that is not in ``STEPS`` cannot be taken: every change of state in the ledger is a
compare-and-set from one of the states allowed here.
"""

from dataclasses import dataclass
from enum import StrEnum


class StudyState(StrEnum):
    """Where a study is on its way."""

    RECEIVING = "receiving"
    COMPLETE = "complete"
    ROUTED = "routed"
    FINISHED = "finished"


class AnalysisState(StrEnum):
    """One model on one input of a study."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """One result on its way to one destination."""

    OWED = "owed"
    SENDING = "sending"
    DELIVERED = "delivered"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One allowed change of state: who takes it and why."""

    subject: str
    before: str
    after: str
    by: str
    why: str


def _step(subject: str, before: str, after: str, by: str, why: str) -> Step:
    return Step(subject=subject, before=before, after=after, by=by, why=why)


STEPS: tuple[Step, ...] = (
    _step("study", StudyState.RECEIVING, StudyState.COMPLETE, "study", "there is evidence that all has come"),
    _step(
        "study",
        StudyState.COMPLETE,
        StudyState.ROUTED,
        "routing",
        "every model was held against every series",
    ),
    _step("study", StudyState.ROUTED, StudyState.FINISHED, "steward", "nothing is owed for it any more"),
    _step("study", StudyState.COMPLETE, StudyState.RECEIVING, "scp", "a late instance came"),
    _step("study", StudyState.ROUTED, StudyState.RECEIVING, "scp", "a late instance came"),
    _step("study", StudyState.FINISHED, StudyState.RECEIVING, "scp", "a late instance came"),
    _step(
        "analysis", AnalysisState.QUEUED, AnalysisState.RUNNING, "worker", "claimed, with a fence and a lease"
    ),
    _step("analysis", AnalysisState.RUNNING, AnalysisState.SUCCEEDED, "worker", "results are in the spool"),
    _step("analysis", AnalysisState.RUNNING, AnalysisState.REFUSED, "worker", "the gate declined the input"),
    _step(
        "analysis",
        AnalysisState.RUNNING,
        AnalysisState.FAILED,
        "worker",
        "it cannot succeed, or was tried too often",
    ),
    _step(
        "analysis",
        AnalysisState.RUNNING,
        AnalysisState.QUEUED,
        "queue",
        "the worker died, or the attempt broke",
    ),
    _step("delivery", DeliveryState.OWED, DeliveryState.SENDING, "delivery", "its time has come"),
    _step(
        "delivery",
        DeliveryState.SENDING,
        DeliveryState.DELIVERED,
        "delivery",
        "the destination answered Success",
    ),
    _step(
        "delivery", DeliveryState.SENDING, DeliveryState.OWED, "delivery", "away, refused, or the sender died"
    ),
)


def states_before(subject: str, after: str) -> tuple[str, ...]:
    """The states from which ``subject`` may step to ``after``; raises KeyError when there is none."""
    found = tuple(step.before for step in STEPS if step.subject == subject and step.after == after)
    if not found:
        raise KeyError(f"no step leads a {subject} to {after}")
    return found
