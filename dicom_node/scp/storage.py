"""C-STORE: onto the shelf, into the ledger, and only then Success."""

import hashlib
import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from dicom_node.errors import LedgerAway, SpoolFull, SpoolUnusable
from dicom_node.events import Event
from dicom_node.ledger import Ledger, instances, journal
from dicom_node.ledger.instances import Instance
from dicom_node.scp.identification import Identity, Unacceptable, identify
from dicom_node.scp.status import Status
from dicom_node.spool import DiskSpool
from dicom_node.spool.layout import instance_key, quarantine_key

logger = logging.getLogger(__name__)


class Storage:
    """Answers C-STORE requests: every instance goes to ``spool`` and ``ledger`` before its Success."""

    def __init__(self, *, spool: DiskSpool, ledger: Ledger, clock: Callable[[], float] = time.time) -> None:
        self._spool = spool
        self._ledger = ledger
        self._clock = clock
        # Two associations may bring one instance at once; whoever comes second must see the first's row.
        self._turns = [Lock() for _ in range(64)]

    def on_c_store(self, event: Any) -> int:
        """Handle pynetdicom's EVT_C_STORE; returns the status (PS3.4 annex B.2.3)."""
        request = event.request
        data_set = request.DataSet.getvalue() if request.DataSet else b""
        calling = str(event.assoc.requestor.ae_title)
        try:
            identity = identify(
                data_set,
                event.context.transfer_syntax,
                sop_class_uid=str(request.AffectedSOPClassUID),
                sop_instance_uid=str(request.AffectedSOPInstanceUID),
            )
            meta = event.encoded_dataset(include_meta=True)[: -len(data_set)]
            with self._turns[hash(identity.sop_instance_uid) % len(self._turns)]:
                return self._store(
                    identity, [meta, data_set], event.context.transfer_syntax, calling_ae_title=calling
                )
        except Unacceptable as error:
            self._record_rejected(calling, str(error))
            return error.status
        except (SpoolFull, SpoolUnusable, LedgerAway) as error:
            logger.error("an instance from %s was refused: %s", calling, error)
            return Status.OUT_OF_RESOURCES

    def _store(
        self, identity: Identity, chunks: list[bytes], transfer_syntax_uid: str, *, calling_ae_title: str
    ) -> int:
        sha256 = hashlib.sha256(chunks[-1]).hexdigest()
        with self._ledger.snapshot() as tx:
            held = instances.find(tx, identity.sop_instance_uid)
        if held is not None:
            return Status.SUCCESS if held.sha256 == sha256 else self._quarantine(held, chunks, sha256)
        # A file already there without a row was never answered with Success: it may be replaced.
        key = instance_key(
            study_instance_uid=identity.study_instance_uid,
            series_instance_uid=identity.series_instance_uid,
            sop_instance_uid=identity.sop_instance_uid,
        )
        received = Instance(
            sop_instance_uid=identity.sop_instance_uid,
            study_instance_uid=identity.study_instance_uid,
            series_instance_uid=identity.series_instance_uid,
            sop_class_uid=identity.sop_class_uid,
            transfer_syntax_uid=str(transfer_syntax_uid),
            key=key,
            size_bytes=self._spool.put(key, chunks),
            sha256=sha256,
        )
        with self._ledger.transaction() as tx:
            instances.enter(tx, received, calling_ae_title=calling_ae_title, now=self._clock())
        return Status.SUCCESS

    def _quarantine(self, held: Instance, chunks: list[bytes], sha256: str) -> int:
        self._spool.put(quarantine_key(sop_instance_uid=held.sop_instance_uid, sha256=sha256), chunks)
        with self._ledger.transaction() as tx:
            journal.record(
                tx,
                Event.INSTANCE_QUARANTINED,
                now=self._clock(),
                study_instance_uid=held.study_instance_uid,
                subject=held.sop_instance_uid,
                detail="other content under a known SOP Instance UID; the first is kept",
            )
        return Status.DUPLICATE_SOP_INSTANCE

    def _record_rejected(self, calling_ae_title: str, reason: str) -> None:
        logger.warning("an instance from %s was rejected: %s", calling_ae_title, reason)
        try:
            with self._ledger.transaction() as tx:
                journal.record(
                    tx, Event.INSTANCE_REJECTED, now=self._clock(), subject=calling_ae_title, detail=reason
                )
        except LedgerAway as error:  # the peer is told all the same
            logger.warning("a rejection could not be entered: %s", error)
