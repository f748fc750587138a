"""Stands at the door: lets a caller's association in, or rejects it and notes why."""

import logging
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from dicom_node.scp.admission import (
    CALLING_AE_TITLE_NOT_RECOGNIZED,
    Caller,
    Refusal,
    modality_of,
    reason_to_refuse,
)
from dicom_node.scp.connections import Connections
from dicom_node.scp.directory import Directory
from dicom_node.scp.modalities import Modality
from dicom_node.scp.refusals import Refusals
from dicom_node.scp.stock_slots import StockSlots
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
        self._stock_slots = StockSlots(self.connections)
        self._settings = settings
        self._directory = Directory(settings.modality, modalities, on_change=self.connections.know)
        self._clock = clock

    def on_requested(self, event: Any) -> None:
        """Handle pynetdicom's EVT_REQUESTED: the last moment at which an association can be rejected."""
        association = event.assoc
        caller = _caller(association)
        _log_identity(association, caller)
        refusal = self._reason_to_refuse(caller, association)
        if refusal is None:
            return
        self.note(caller, refusal)
        if refusal.reason == CALLING_AE_TITLE_NOT_RECOGNIZED:
            self._directory.want_look()  # it may have been given another address; it will call again
        association.acse.send_reject(refusal.result, refusal.source, refusal.reason)
        association.kill()

    def note(self, caller: Caller, refusal: Refusal) -> None:
        """Remember a refusal, for the ledger and so for the dashboard."""
        self.refusals.note(caller, refusal, now=self._clock())

    @property
    def modalities(self) -> Sequence[Modality]:
        """Those who may call, with the addresses their names have now."""
        return self._directory.listed

    def _reason_to_refuse(self, caller: Caller, association: Any) -> Refusal | None:
        listed = self.modalities
        refusal = reason_to_refuse(caller, settings=self._settings, modalities=listed)
        if refusal is not None:
            return refusal
        # Ours had to have a slot before its request was read; pynetdicom's needs one from here on.
        slot = getattr(association, "slot", None) or self._stock_slots.admit(association)
        return slot if isinstance(slot, Refusal) else slot.assign(modality_of(caller, listed))


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
