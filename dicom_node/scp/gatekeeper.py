"""Stands at the door: lets a caller's association in, or rejects it and notes why."""

import logging
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from dicom_node.scp.admission import Caller, Refusal, modality_of, reason_to_refuse
from dicom_node.scp.connections import Connections, Slot
from dicom_node.scp.modalities import Modality
from dicom_node.scp.refusals import Refusals
from dicom_node.scp.user_identity import kind_of_user_identity
from dicom_node.settings import ScpSettings

logger = logging.getLogger(__name__)


class Gatekeeper:
    """One for the whole door. ``clock`` gives seconds since the epoch."""

    def __init__(
        self, *, settings: ScpSettings, modalities: Sequence[Modality], clock: Callable[[], float]
    ) -> None:
        self.connections = Connections(settings=settings, modalities=modalities)
        self.refusals = Refusals()
        self._settings = settings
        self._modalities = modalities
        self._clock = clock

    def on_requested(self, event: Any) -> None:
        """Handle pynetdicom's EVT_REQUESTED: the last moment at which an association can be rejected."""
        association = event.assoc
        caller = _caller(association)
        _log_identity(association, caller)
        refusal = self._reason_to_refuse(caller, getattr(association, "slot", None))
        if refusal is None:
            return
        self.note(caller, refusal)
        association.acse.send_reject(refusal.result, refusal.source, refusal.reason)
        association.kill()

    def note(self, caller: Caller, refusal: Refusal) -> None:
        """Remember a refusal, for the ledger and so for the dashboard."""
        self.refusals.note(caller, refusal, now=self._clock())

    def _reason_to_refuse(self, caller: Caller, slot: Slot | None) -> Refusal | None:
        refusal = reason_to_refuse(caller, settings=self._settings, modalities=self._modalities)
        if refusal is not None or slot is None:
            return refusal
        return slot.assign(modality_of(caller, self._modalities))


def _caller(association: Any) -> Caller:
    request = association.requestor.primitive
    return Caller(
        address=association.requestor.address,
        calling_ae_title=request.calling_ae_title,
        called_ae_title=request.called_ae_title,
        is_tls=isinstance(association.dul.socket.socket, ssl.SSLSocket),
    )


def _log_identity(association: Any, caller: Caller) -> None:
    identity = association.requestor.user_identity
    if identity is not None:
        kind = kind_of_user_identity(identity.user_identity_type)
        logger.info("%s at %s offers %s; it is not relied on", caller.calling_ae_title, caller.address, kind)
