"""Brings what is due to one destination, and writes down how it went."""

import logging
from collections.abc import Callable

from dicom_node.delivery.backoff import seconds_until_next
from dicom_node.delivery.destination import Destination
from dicom_node.delivery.storage import store
from dicom_node.errors import DestinationAway
from dicom_node.ledger import Ledger, deliveries
from dicom_node.ledger.deliveries import Parcel
from dicom_node.spool import DiskSpool

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
PARCELS_AT_ONCE = 16


class Courier:
    """Delivers from ``spool`` and ``ledger`` to one ``destination``; a process that dies on the way loses nothing."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        spool: DiskSpool,
        destination: Destination,
        calling_ae_title: str,
        retry_at_most_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._spool = spool
        self._destination = destination
        self._calling_ae_title = calling_ae_title
        self._retry_at_most_seconds = retry_at_most_seconds
        self._clock = clock

    def deliver_due(self) -> int:
        """Send what is due now, on one association; returns how many results the destination took."""
        parcels = self._claim()
        if not parcels:
            return 0
        rest = list(parcels)
        taken = 0
        why_not = "the courier made a mistake; see the steward's log"
        try:
            for error in store(
                self._destination,
                [(parcel.sop_class_uid, self._spool.path(parcel.key)) for parcel in parcels],
                calling_ae_title=self._calling_ae_title,
            ):
                taken += self._note(rest.pop(0), error)
        except DestinationAway as away:
            why_not = str(away)
        finally:
            for parcel in rest:
                self._note(parcel, why_not)
        return taken

    def _claim(self) -> list[Parcel]:
        now = self._clock()
        with self._ledger.snapshot() as tx:
            if self._destination.name not in deliveries.destinations_due(tx, now=now):
                return []
        with self._ledger.transaction() as tx:
            return deliveries.claim(
                tx, self._destination.name, now=now, lease_seconds=LEASE_SECONDS, at_most=PARCELS_AT_ONCE
            )

    def _note(self, parcel: Parcel, error: str | None) -> bool:
        now = self._clock()
        with self._ledger.transaction() as tx:
            if error is None:
                deliveries.mark_delivered(tx, parcel, now=now)
                return True
            wait = seconds_until_next(parcel.attempts, at_most=self._retry_at_most_seconds)
            is_news = deliveries.postpone(tx, parcel, error=error, next_attempt_at=now + wait, now=now)
        if is_news:
            logger.warning("result %s is sent again until it is taken: %s", parcel.sop_instance_uid, error)
        return False
