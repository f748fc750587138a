"""A lease on an analysis: renewed while the work lasts, so that a dead worker is noticed and a slow one is not."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, analyses
from dicom_node.ledger.analyses import Claim

logger = logging.getLogger(__name__)


class Lease:
    """Renews the lease of ``claim`` three times within ``lease_seconds``, from a thread, until the block ends.

    Losing it changes nothing here: the commit at the end carries the fence and is refused by the ledger.
    """

    def __init__(self, ledger: Ledger, claim: Claim, *, lease_seconds: float) -> None:
        self._ledger = ledger
        self._claim = claim
        self._lease_seconds = lease_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_ended, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _renew_until_ended(self) -> None:
        while not self._ended.wait(self._lease_seconds / 3):
            try:
                with self._ledger.transaction() as tx:
                    held = analyses.renew(tx, self._claim, now=time.time(), lease_seconds=self._lease_seconds)
            except LedgerAway as error:
                logger.warning("a lease could not be renewed: %s", error)
                continue
            if not held:
                logger.warning("analysis %s was taken from this worker", self._claim.analysis_id)
                return
