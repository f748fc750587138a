"""The socket of an established association: read as much as has come, woken seldom; write at once."""

import socket
import ssl
import struct
from typing import Protocol

QUICKACK = getattr(socket, "TCP_QUICKACK", None)
MOST_AWAITED_BYTES = 1 << 16


class Line(Protocol):
    """What the provider needs of a socket, plain or TLS."""

    def receive_into(self, free: memoryview) -> int | None:
        """Take what has come: how many bytes, 0 at the end, None when there is nothing yet."""

    def expect(self, missing_bytes: int) -> None:
        """So many bytes are still to come of what has begun; there is no use in being woken for fewer."""

    def send(self, content: bytes) -> None:
        """Send all of it. Raises OSError when the peer does not take it."""


def line_on(connection: socket.socket, *, seconds: float) -> Line:
    """The line on ``connection``; a peer has ``seconds`` to take what is sent to it."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if isinstance(connection, ssl.SSLSocket):
        return _TlsLine(connection, seconds)
    return _PlainLine(connection, seconds)


class _PlainLine:
    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._awaited_bytes = 1
        # Python asks the kernel before each call on a socket with a timeout of its own; the kernel's costs nothing.
        connection.settimeout(None)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(seconds))

    def receive_into(self, free: memoryview) -> int | None:
        try:
            count = self._connection.recv_into(free, 0, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return 0
        _acknowledge_at_once(self._connection)
        return count

    def expect(self, missing_bytes: int) -> None:
        awaited_bytes = min(max(missing_bytes, 1), MOST_AWAITED_BYTES)
        if awaited_bytes != self._awaited_bytes:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, awaited_bytes)
            self._awaited_bytes = awaited_bytes

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)


class _TlsLine:
    def __init__(self, connection: ssl.SSLSocket, seconds: float) -> None:
        self._connection = connection
        connection.settimeout(seconds)

    def receive_into(self, free: memoryview) -> int | None:
        try:
            count = self._connection.recv_into(free)
        except ssl.SSLWantReadError:
            return None
        except OSError:
            return 0
        _acknowledge_at_once(self._connection)
        return count

    def expect(self, missing_bytes: int) -> None:
        """The bytes of the socket are not those of the message."""

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)


def _acknowledge_at_once(connection: socket.socket) -> None:
    """Without it an untuned sender waits 40 ms for our acknowledgement, instance after instance."""
    if QUICKACK is not None:
        connection.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)


def _timeval(seconds: float) -> bytes:
    whole = int(seconds)
    return struct.pack("@ll", whole, int((seconds - whole) * 1_000_000))
