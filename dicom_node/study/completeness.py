"""Is a study complete? Pure: what is known goes in, the reason comes out."""

from dicom_node.ledger.studies import OpenStudy
from dicom_node.settings import CompletenessSettings


def reason_complete(study: OpenStudy, settings: CompletenessSettings, *, now: float) -> str | None:
    """Why the study counts as complete at ``now`` (seconds since the epoch), or None while it does not."""
    if now - study.last_received_at >= settings.quiet_seconds:
        return f"no instance came for {settings.quiet_seconds:g} s"
    if now - study.opened_at >= settings.at_most_seconds:
        return f"it has been open for {settings.at_most_seconds:g} s"
    return None
