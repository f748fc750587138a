"""The listening side: a connection gets an association when it speaks, and its slot back when it ends."""

import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from pynetdicom.transport import ThreadedAssociationServer

from dicom_node.scp.admission import Caller, Refusal
from dicom_node.scp.connections import Connections, Slot
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.provider import Begin


class StreamingServer(ThreadedAssociationServer):
    """A server whose associations stream. Set ``begin``, ``connections``, ``note`` and ``limits`` before it serves.

    ``note`` is told of each connection there was no place for; in a flood, very often. ``tls`` is what
    connections are wrapped in, by the thread of each: a peer that is silent in the handshake keeps nobody
    else waiting.
    """

    request_queue_size = 1024
    daemon_threads = True
    begin: Begin
    connections: Connections
    note: Callable[[Caller, Refusal], None]
    limits: Limits
    tls: ssl.SSLContext | None = None

    def service_actions(self) -> None:
        """Nothing: pynetdicom's collects all garbage at every 60th connection, and all associations wait for that."""

    def process_request_thread(self, request: socket.socket, client_address: Any) -> None:
        """Serve one connection, once its first byte has come."""
        deadline = time.monotonic() + self.limits.request_seconds
        if not self._speaks(request):
            self.shutdown_request(request)
            return
        slot = self.connections.admit(client_address[0])
        if isinstance(slot, Refusal):
            self._turn_away(request, client_address[0], slot)
            return
        try:
            self._serve(request, client_address, slot, deadline)
        except (
            OSError,
            ValueError,
            RuntimeError,
        ):  # the peer left, its handshake failed, or no thread is to be had
            slot.free()
            self.shutdown_request(request)

    def _speaks(self, request: socket.socket) -> bool:
        """Wait for the first byte; a connection that brings none takes no place."""
        poll = select.poll()
        poll.register(request.fileno(), select.POLLIN)
        return bool(poll.poll(self.limits.request_seconds * 1000))

    def _turn_away(self, request: socket.socket, address: str, refusal: Refusal) -> None:
        """Close unread: a request read first, to answer it with a rejection, is what a flood would have us do."""
        self.shutdown_request(request)
        self.note(
            Caller(address=address, calling_ae_title="", called_ae_title="", is_tls=self.tls is not None),
            refusal,
        )

    def _serve(self, request: socket.socket, client_address: Any, slot: Slot, deadline: float) -> None:
        if self.tls is not None:
            request.settimeout(max(deadline - time.monotonic(), 0.001))  # for the handshake as a whole
            request = self.tls.wrap_socket(request, server_side=True)
        self.RequestHandlerClass(request, client_address, self, slot, deadline)
