"""The socket of an association, for the PDUs pynetdicom reads itself: those of its beginning and its end."""

import socket
import time
from typing import Any

from pynetdicom.transport import AssociationSocket

from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.pdu_reader import LARGEST_OTHER_PDU_BYTES


class PeerRefused(OSError):
    """The peer is too slow, or announces more than any such PDU holds; pynetdicom closes on an OSError."""


class BoundedSocket(AssociationSocket):
    """Reads no more than a PDU may hold, and not for longer than it may take: the first until ``deadline``."""

    def __init__(self, association: Any, connection: socket.socket, limits: Limits, deadline: float) -> None:
        super().__init__(association, client_socket=connection)
        self._limits = limits
        self._deadline = deadline

    def recv(self, nr_bytes: int) -> bytearray:
        """Exactly ``nr_bytes``, or fewer where the peer closed. Raises PeerRefused."""
        if nr_bytes > LARGEST_OTHER_PDU_BYTES:
            raise PeerRefused(f"a PDU of {nr_bytes} bytes")
        assert self.socket is not None
        if self.assoc.is_established:
            self._deadline = time.monotonic() + self._limits.pdu_seconds
        received = bytearray()
        while len(received) < nr_bytes:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise PeerRefused("a PDU was not whole in time")
            self.socket.settimeout(left)
            fragment = self.socket.recv(nr_bytes - len(received))
            if not fragment:
                break
            received += fragment
        self.socket.settimeout(self._limits.pdu_seconds)
        return received

    def close(self) -> None:
        """Close, also where the peer was gone first: pynetdicom's then leaves the descriptor to the garbage."""
        connection = self.socket
        super().close()
        if connection is not None:
            connection.close()
