"""The door: listens, plain and by TLS, with our handlers and the receiver the settings name."""

import logging
import ssl
import threading
import time
from typing import Any

from pynetdicom import AE, evt
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from dicom_node.errors import DoorBlocked
from dicom_node.scp.descriptors import allow_descriptors
from dicom_node.scp.gatekeeper import Gatekeeper
from dicom_node.scp.intake import Intake, Receiving
from dicom_node.scp.modalities import find_modalities
from dicom_node.scp.presentation_contexts import supported_contexts
from dicom_node.scp.refusals import forget_the_admitted
from dicom_node.scp.storage import on_c_store
from dicom_node.scp.storage_commitment.service import StorageCommitment
from dicom_node.scp.tls import server_context
from dicom_node.scp.upper_layer.association import StreamingRequestHandler
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.server import StreamingServer
from dicom_node.scp.verification import on_c_echo
from dicom_node.settings import ScpSettings

logger = logging.getLogger(__name__)

LARGEST_PDU_BYTES = 1 << 17
ABORTED_WITHIN_SECONDS = 5.0

RECEIVERS: dict[str, tuple[Any, Any]] = {
    "streaming": (StreamingServer, StreamingRequestHandler),
    "stock": (ThreadedAssociationServer, RequestHandler),
}


class Door:
    """The running servers. ``close`` ends them; ``do_duties`` is to be called every few seconds."""

    def __init__(self, settings: ScpSettings, receiving: Receiving) -> None:
        too_few = allow_descriptors(settings.associations_at_most)
        if too_few is not None:
            logger.warning("%s", too_few)
        modalities = find_modalities(settings.modality)
        for mistake in modalities.mistakes:
            logger.error("%s", mistake)
        forget_the_admitted(receiving.ledger, settings=settings, modalities=modalities.listed)
        self._settings = settings
        self._receiving = receiving
        self._gatekeeper = Gatekeeper(settings=settings, modalities=modalities.listed, clock=time.time)
        self._commitment = StorageCommitment(
            settings=settings,
            modalities=lambda: self._gatekeeper.modalities,
            ledger=receiving.ledger,
            spool=receiving.spool,
            clock=time.time,
        )
        self._entity = _application_entity(settings)
        self._servers = [self._listen(settings.port, None)]
        if settings.tls is not None:
            self._servers.append(self._listen(settings.tls.port, server_context(settings.tls)))
        for server in self._servers:
            threading.Thread(target=server.serve_forever, name="door", daemon=True).start()

    def do_duties(self) -> None:
        """Write down who was refused since the last time, and report what is owed. Raises LedgerAway."""
        self._gatekeeper.refusals.enter(self._receiving.ledger, now=time.time())
        self._commitment.see_to_all()

    def close(self) -> None:
        """Listen no more; who is still there is told so by an abort, and an instance not yet whole was not answered."""
        for server in self._servers:
            server.shutdown()
        self._commitment.close()
        _abort([each for server in self._servers for each in server.active_associations])

    def _listen(self, port: int, tls: ssl.SSLContext | None) -> Any:
        settings = self._settings
        server_class, handler_class = RECEIVERS[settings.receiver]
        try:
            server = self._entity.make_server(
                (settings.host, port),
                evt_handlers=[
                    (evt.EVT_REQUESTED, self._gatekeeper.on_requested),
                    (evt.EVT_C_STORE, on_c_store, [self._receiving]),
                    (evt.EVT_C_ECHO, on_c_echo),
                    (evt.EVT_N_ACTION, self._commitment.on_n_action),
                ],
                ssl_context=tls if settings.receiver == "stock" else None,
                server_class=server_class,
                request_handler=handler_class,
            )
        except OSError as error:
            raise DoorBlocked(
                f"cannot listen on {settings.host}:{port} ({error.strerror}): another program has the port, "
                "or the address is not this machine's; change [scp] host or port"
            ) from error
        self._equip(server, tls)
        self._entity._servers.append(server)  # where its shutdown looks for it
        return server

    def _equip(self, server: Any, tls: ssl.SSLContext | None) -> None:
        """What the streaming server asks for beyond pynetdicom's; the stock one does not look."""
        server.begin = lambda announced: Intake(self._receiving, announced)
        server.connections = self._gatekeeper.connections
        server.note = self._gatekeeper.note
        server.tls = tls
        server.limits = Limits(
            request_seconds=self._settings.request_seconds,
            pdu_seconds=self._settings.pdu_seconds,
            idle_seconds=self._settings.idle_seconds,
            largest_instance_bytes=self._settings.instance_at_most,
        )


def _abort(associations: list[Any]) -> None:
    """All at once, and none is waited for longer than ABORTED_WITHIN_SECONDS."""
    aborting = [threading.Thread(target=each.abort, daemon=True) for each in associations]
    for thread in aborting:
        thread.start()
    deadline = time.monotonic() + ABORTED_WITHIN_SECONDS
    for thread in aborting:
        thread.join(max(0.0, deadline - time.monotonic()))


def _application_entity(settings: ScpSettings) -> AE:
    entity = AE(ae_title=settings.ae_title)
    entity.supported_contexts = supported_contexts(settings.private_sop_classes)
    entity.maximum_pdu_size = LARGEST_PDU_BYTES
    entity.maximum_associations = settings.associations_at_most
    entity.acse_timeout = settings.request_seconds
    entity.network_timeout = settings.idle_seconds
    return entity
