"""Wakes workers for what is queued: the ledger is the outbox, a hint may be lost or sent twice."""

from celery import Celery
from kombu.exceptions import OperationalError

from dicom_node.errors import BrokerAway
from dicom_node.ledger import Ledger, analyses
from dicom_node.queue.broker import WAKE

HINT_AGAIN_AFTER_SECONDS = 5.0
HINTS_AT_ONCE = 16
ROWS_AT_ONCE = 500


def send_hints(ledger: Ledger, app: Celery, *, now: float) -> int:
    """Wake workers for queued analyses nobody was woken for lately; returns how many hints were sent.

    A worker that is woken claims the best row, whichever it is, and passes the hint on when there is
    more; so a few hints serve a long queue. Raises BrokerAway when Redis does not take them.
    """
    with ledger.snapshot() as tx:
        waiting = analyses.unhinted(
            tx, now=now, hint_again_after_seconds=HINT_AGAIN_AFTER_SECONDS, at_most=ROWS_AT_ONCE
        )
    if not waiting:
        return 0
    for _ in waiting[:HINTS_AT_ONCE]:
        send_hint(app)
    with ledger.transaction() as tx:
        analyses.mark_hinted(tx, waiting, now=now)
    return len(waiting[:HINTS_AT_ONCE])


def send_hint(app: Celery) -> None:
    """Wake one worker. Raises BrokerAway when Redis does not take the hint."""
    try:
        app.send_task(WAKE, retry=False)
    except (OperationalError, OSError) as error:
        raise BrokerAway("Redis does not answer; queued analyses wait and go on when it is back") from error
