"""Watches the open studies and marks those complete that are."""

import logging

from dicom_node.ledger import Ledger, studies
from dicom_node.settings import CompletenessSettings
from dicom_node.study.completeness import reason_complete

logger = logging.getLogger(__name__)


def mark_complete_studies(ledger: Ledger, settings: CompletenessSettings, *, now: float) -> int:
    """Take the step receiving -> complete where there is a reason; returns how many studies took it."""
    with ledger.snapshot() as tx:
        judged = [(seen, reason_complete(seen, settings, now=now)) for seen in studies.receiving(tx)]
    taken = 0
    for seen, reason in judged:
        if reason is None:
            continue
        with ledger.transaction() as tx:
            is_complete = studies.mark_complete(tx, seen, because=reason, now=now)
        if is_complete:
            taken += 1
            logger.info("study %s complete: %s", seen.study_instance_uid, reason)
    return taken
