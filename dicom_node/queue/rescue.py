"""Gives analyses whose worker died or hung to another one, but not for ever."""

import logging

from dicom_node.events import Event
from dicom_node.ledger import Ledger, analyses

logger = logging.getLogger(__name__)


def rescue_abandoned(ledger: Ledger, *, attempts_at_most: int, now: float) -> int:
    """Queue analyses with an expired lease again; fail those tried too often. Returns how many were found."""
    with ledger.snapshot() as tx:
        abandoned = analyses.with_expired_lease(tx, now=now)
    for claim in abandoned:
        with ledger.transaction() as tx:
            if claim.attempts >= attempts_at_most:
                reason = f"its worker died or hung in each of {claim.attempts} attempts"
                taken = analyses.fail(tx, claim, reason=reason, now=now)
            else:
                reason = f"the worker of attempt {claim.attempts} died or hung"
                taken = analyses.put_back(
                    tx, claim, reason=reason, available_at=now, event=Event.ANALYSIS_RESCUED, now=now
                )
        if taken:
            logger.warning("analysis %s: %s", claim.analysis_id, reason)
    return len(abandoned)
