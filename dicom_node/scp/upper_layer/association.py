"""An association whose provider streams, and the handler that makes one for each connection."""

import socket
import time
from typing import Any

from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.transport import RequestHandler

from dicom_node.scp.connections import Slot
from dicom_node.scp.upper_layer.connection import BoundedSocket
from dicom_node.scp.upper_layer.doorbell import Doorbell, RingingQueue
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.provider import UNDECODABLE, Begin, StreamingProvider


class StreamingAssociation(Association):
    """An association on the accepting side; its thread sleeps until there is something to do.

    Its request must be whole at ``deadline``, in seconds of the monotonic clock.
    """

    def __init__(
        self, application_entity: Any, begin: Begin, limits: Limits, slot: Slot, deadline: float
    ) -> None:
        super().__init__(application_entity, "acceptor")
        self.slot = slot
        self._reactor_checkpoint = Doorbell()
        self._reactor_checkpoint.set()
        self.dul = StreamingProvider(self, begin, limits)
        self.dimse = DIMSEServiceProvider(self)
        self.dimse.msg_queue = RingingQueue(self._reactor_checkpoint)
        # These are handed on to the provider, which is a new one.
        self.acse_timeout = max(deadline - time.monotonic(), 0.0)
        self.network_timeout = limits.idle_seconds

    def run_reactor(self) -> None:
        """The thread: pynetdicom's; at its end the place is free for another."""
        try:
            super().run_reactor()
        except UNDECODABLE as error:
            self.dul.cut_off(type(error).__name__)
        finally:
            self.slot.free()


class StreamingRequestHandler(RequestHandler):
    """Makes and starts the association of one connection, which has ``slot`` and until ``deadline`` to ask."""

    def __init__(
        self, request: socket.socket, client_address: Any, server: Any, slot: Slot, deadline: float
    ) -> None:
        self._slot = slot
        self._deadline = deadline
        super().__init__(request, client_address, server)

    def _create_association(self) -> StreamingAssociation:
        server: Any = self.server
        association = StreamingAssociation(self.ae, server.begin, server.limits, self._slot, self._deadline)
        association._server = server
        association.name = f"AcceptorThread@{self.client_address[0]}:{self.client_address[1]}"
        association.set_socket(BoundedSocket(association, self.request, server.limits, self._deadline))
        self._describe_both_sides(association)
        for event, handlers in server._handlers.items():
            if not event.is_intervention:
                for handler in handlers:
                    association.bind(event, *handler)
            elif handlers:
                association.bind(event, *handlers)
        return association

    def _describe_both_sides(self, association: StreamingAssociation) -> None:
        ours = association.acceptor
        ours.maximum_length = self.ae.maximum_pdu_size
        ours.ae_title = self.server.ae_title
        ours.address_info = self.local
        ours.implementation_class_uid = self.ae.implementation_class_uid
        ours.implementation_version_name = self.ae.implementation_version_name
        # Shared: negotiation only reads them, and a copy for each association costs 40 ms.
        ours.supported_contexts = self.server.contexts
        association.requestor.address_info = self.remote
