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


def _steps(subject: str, *rows: tuple[str, str, str, str]) -> tuple[Step, ...]:
    return tuple(
        Step(subject=subject, before=before, after=after, by=by, why=why) for before, after, by, why in rows
    )


_S, _A, _D = StudyState, AnalysisState, DeliveryState

STEPS: tuple[Step, ...] = (
    *_steps(
        "study",
        (_S.RECEIVING, _S.COMPLETE, "study", "there is evidence that all has come"),
        (_S.COMPLETE, _S.ROUTED, "routing", "every model was held against every series"),
        (_S.ROUTED, _S.FINISHED, "steward", "nothing is owed for it any more"),
        (_S.COMPLETE, _S.RECEIVING, "scp", "a late instance came"),
        (_S.ROUTED, _S.RECEIVING, "scp", "a late instance came"),
        (_S.FINISHED, _S.RECEIVING, "scp", "a late instance came"),
        (_S.FINISHED, _S.ROUTED, "admin", "an analysis of it is tried again"),
    ),
    *_steps(
        "analysis",
        (_A.QUEUED, _A.RUNNING, "worker", "claimed, with a fence and a lease"),
        (_A.RUNNING, _A.SUCCEEDED, "worker", "results are in the spool"),
        (_A.RUNNING, _A.REFUSED, "worker", "the gate declined the input"),
        (_A.RUNNING, _A.FAILED, "worker", "it cannot succeed, or was tried too often"),
        (_A.RUNNING, _A.QUEUED, "queue", "the worker died, or the attempt broke"),
        (_A.FAILED, _A.QUEUED, "admin", "the cause is gone: `dicom-node retry`"),
    ),
    *_steps(
        "delivery",
        (_D.OWED, _D.SENDING, "delivery", "its time has come"),
        (_D.SENDING, _D.DELIVERED, "delivery", "the destination answered Success"),
        (_D.SENDING, _D.OWED, "delivery", "away, refused, or the sender died"),
    ),
)


def states_before(subject: str, after: str, *, by: str) -> tuple[str, ...]:
    """The states from which ``by`` may step ``subject`` to ``after``; raises KeyError when there is none."""
    found = tuple(
        step.before for step in STEPS if (step.subject, step.after, step.by) == (subject, after, by)
    )
    if not found:
        raise KeyError(f"no step of {by} leads a {subject} to {after}")
    return found
