"""Socket options of the stand-in PACS, so that a sender who tunes nothing is not slowed down.

With Nagle's algorithm on one side and the delayed acknowledgement on the other, each message of an untuned
sender waits some 40 ms for ours.
"""

import socket
from typing import Final

from pynetdicom.events import Event

_QUICK_ACKNOWLEDGEMENT: Final = getattr(socket, "TCP_QUICKACK", None)  # Linux only


def send_at_once(event: Event) -> None:
    """Set TCP_NODELAY on the socket of a new connection (EVT_CONN_OPEN)."""
    _socket_of(event).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def acknowledge_at_once(event: Event) -> None:
    """Set TCP_QUICKACK, which the kernel takes back by itself, after each PDU received (EVT_DATA_RECV)."""
    if _QUICK_ACKNOWLEDGEMENT is not None:
        _socket_of(event).setsockopt(socket.IPPROTO_TCP, _QUICK_ACKNOWLEDGEMENT, 1)


def _socket_of(event: Event) -> socket.socket:
    connection: socket.socket = event.assoc.dul.socket.socket
    return connection
