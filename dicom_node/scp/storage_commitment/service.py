"""Storage commitment at the door: requests are taken, entered, and then reported on."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, commitments
from dicom_node.ledger.commitments import Requester
from dicom_node.scp.addresses import plain_address
from dicom_node.scp.modalities import Modality
from dicom_node.scp.presentation_contexts import storage_sop_classes
from dicom_node.scp.storage_commitment.listeners import client_context, listener_of
from dicom_node.scp.storage_commitment.reporter import RELEASE_WITHIN_SECONDS, Duties, Reporter
from dicom_node.scp.storage_commitment.request import (
    ActionStatus,
    CommitmentRequest,
    RequestRefused,
    read_request,
)
from dicom_node.scp.storage_commitment.same_association import SameAssociation
from dicom_node.settings import ScpSettings
from dicom_node.spool import DiskSpool

logger = logging.getLogger(__name__)

REFERENCES_OWED_AT_MOST = 100_000
"""So many instances one caller may have asked about without having been told."""


class StorageCommitment:
    """One for the door. ``see_to_all`` is to be called every few seconds, ``close`` at the end.

    ``modalities`` gives those who may call, with the addresses their names have now.
    """

    def __init__(
        self,
        *,
        settings: ScpSettings,
        modalities: Callable[[], Sequence[Modality]],
        ledger: Ledger,
        spool: DiskSpool,
        clock: Callable[[], float],
    ) -> None:
        tls = client_context(settings.tls)
        self._ledger = ledger
        self._clock = clock
        self._reporter = Reporter(
            Duties(
                ledger=ledger,
                spool=spool,
                sop_classes=storage_sop_classes(settings.private_sop_classes),
                listener_of=lambda requester: listener_of(requester, modalities(), tls),
                clock=clock,
            )
        )
        with ledger.transaction() as tx:
            commitments.free_claimed(tx, now=clock())
            commitments.forget_ended(tx, now=clock())

    def on_n_action(self, event: Any) -> tuple[int, None]:
        """Handle pynetdicom's EVT_N_ACTION: the status, once the request is on disk (PS3.4 J.3.2)."""
        requester = _requester(event.assoc)
        try:
            request = read_request(
                sop_class_uid=event.request.RequestedSOPClassUID,
                sop_instance_uid=event.request.RequestedSOPInstanceUID,
                action_type_id=event.request.ActionTypeID,
                information=lambda: event.action_information,
            )
            commitment_id = self._enter(request, requester)
        except (RequestRefused, LedgerAway) as error:
            logger.warning("a commitment request of %s was refused: %s", requester.calling_ae_title, error)
            return _status_of(error), None
        self._reporter.expect(commitment_id, requester.calling_ae_title, SameAssociation(event.assoc))
        return ActionStatus.SUCCESS, None

    def see_to_all(self) -> None:
        """Report what is due, as after a start or when a requester was away. Raises LedgerAway."""
        self._reporter.see_to_all()

    def close(self) -> None:
        """Report no more; what is owed stays owed."""
        self._reporter.close()

    def _enter(self, request: CommitmentRequest, requester: Requester) -> int:
        now = self._clock()
        with self._ledger.transaction() as tx:
            owed = commitments.references_owed(tx, requester.calling_ae_title)
            if owed + len(request.references) > REFERENCES_OWED_AT_MOST:
                raise RequestRefused(
                    ActionStatus.RESOURCE_LIMITATION,
                    f"it waits to be told of {owed} instances already, and {REFERENCES_OWED_AT_MOST} are the limit",
                )
            return commitments.enter(
                tx,
                transaction_uid=request.transaction_uid,
                requester=requester,
                references=request.references,
                now=now,
                due_at=now + RELEASE_WITHIN_SECONDS,
            )


def _requester(association: Any) -> Requester:
    return Requester(
        calling_ae_title=str(association.requestor.ae_title).strip(" "),
        called_ae_title=str(association.requestor.primitive.called_ae_title).strip(" "),
        address=str(plain_address(association.requestor.address)),
    )


def _status_of(error: RequestRefused | LedgerAway) -> int:
    return error.status if isinstance(error, RequestRefused) else ActionStatus.PROCESSING_FAILURE
