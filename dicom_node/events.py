"""Every event the node records, once: its name in the ledger and logs, and what it means to an operator."""

from enum import StrEnum


class Event(StrEnum):
    """Name of an event; ``MEANING`` holds the sentence for each."""

    INSTANCE_REJECTED = "instance.rejected"
    INSTANCE_QUARANTINED = "instance.quarantined"
    STUDY_OPENED = "study.opened"
    STUDY_REOPENED = "study.reopened"
    STUDY_COMPLETE = "study.complete"
    STUDY_ROUTED = "study.routed"
    STUDY_DECLINED = "study.declined"
    STUDY_FINISHED = "study.finished"
    ANALYSIS_QUEUED = "analysis.queued"
    ANALYSIS_STARTED = "analysis.started"
    ANALYSIS_SUCCEEDED = "analysis.succeeded"
    ANALYSIS_REFUSED = "analysis.refused"
    ANALYSIS_FAILED = "analysis.failed"
    ANALYSIS_RETRIED = "analysis.retried"
    ANALYSIS_REQUEUED = "analysis.requeued"
    ANALYSIS_RESCUED = "analysis.rescued"
    RESULT_DELIVERED = "result.delivered"
    DELIVERY_POSTPONED = "delivery.postponed"
    COMMITMENT_REPORTED = "commitment.reported"
    COMMITMENT_POSTPONED = "commitment.postponed"
    COMMITMENT_ABANDONED = "commitment.abandoned"


MEANING: dict[Event, str] = {
    Event.INSTANCE_REJECTED: "A peer sent something that is no valid instance; it was told so and nothing was stored.",
    Event.INSTANCE_QUARANTINED: "Other content came under a known SOP Instance UID; the first is kept.",
    Event.STUDY_OPENED: "The first instance of a study arrived.",
    Event.STUDY_REOPENED: "An instance arrived after the study was thought complete; it is looked at again.",
    Event.STUDY_COMPLETE: "The study was judged complete; the detail says on what evidence.",
    Event.STUDY_ROUTED: "Every model package was held against every series of the study.",
    Event.STUDY_DECLINED: "Nothing in the study fits a model whose package asks to be told of it (on_none).",
    Event.STUDY_FINISHED: "Nothing is owed for the study any more.",
    Event.ANALYSIS_QUEUED: "A model is to read part of the study.",
    Event.ANALYSIS_STARTED: "A worker claimed the analysis.",
    Event.ANALYSIS_SUCCEEDED: "The results are in the spool and owed to the destinations.",
    Event.ANALYSIS_REFUSED: "The model's gate declined the input; the detail says why. This is a result, not an error.",
    Event.ANALYSIS_FAILED: "The analysis is not tried again by itself; the detail says why.",
    Event.ANALYSIS_RETRIED: "The attempt went wrong and the analysis is queued again.",
    Event.ANALYSIS_REQUEUED: "An admin had a failed analysis tried again.",
    Event.ANALYSIS_RESCUED: "The worker died or hung; the analysis is queued again.",
    Event.RESULT_DELIVERED: "The destination answered Success for the result.",
    Event.DELIVERY_POSTPONED: "The destination was away or refused; the result is sent again later.",
    Event.COMMITMENT_REPORTED: "A modality was told which instances it may forget; the detail counts them.",
    Event.COMMITMENT_POSTPONED: "A modality could not be told yet; the detail says why. It is tried again.",
    Event.COMMITMENT_ABANDONED: "A modality could not be told for a week; if it still waits, it must ask again.",
}
