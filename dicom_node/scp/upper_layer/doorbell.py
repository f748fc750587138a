"""Two ways to wait without looking at the clock a thousand times a second."""

import os
import queue
import select
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any


class Doorbell(threading.Event):
    """Takes the place of an association's checkpoint: whoever passes it waits until there is something to do.

    pynetdicom's loop passes its checkpoint a thousand times a second to look around; here it passes when
    it was rung for, and once in ``LOOK_AROUND_SECONDS``.
    """

    LOOK_AROUND_SECONDS = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._rings = threading.Semaphore(0)  # counted: behind each may stand another message

    def ring(self) -> None:
        """There is something to do."""
        self._rings.release()

    def set(self) -> None:
        """Open the checkpoint; there may be something to do behind it."""
        super().set()
        self._rings.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the checkpoint is open and somebody rang."""
        is_open = super().wait(timeout)
        self._rings.acquire(timeout=self.LOOK_AROUND_SECONDS)
        return is_open


class RingingQueue(queue.Queue[Any]):
    """A queue that rings ``bell`` when something is put into it."""

    def __init__(self, bell: Doorbell) -> None:
        super().__init__()
        self._bell = bell

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item and ring."""
        super().put(item, block, timeout)
        self._bell.ring()

    def wait_until_fewer_than(self, count: int, *, seconds: float) -> bool:
        """Wait until somebody took enough out; whether that was so within ``seconds``."""
        with self.not_full:  # told of each that is taken out
            return self.not_full.wait_for(lambda: self._qsize() < count, seconds)


class SocketBell:
    """Waits for bytes on a socket or for somebody who has something to send, whichever comes first.

    With ``poll``, since ``select`` knows no descriptor above 1023.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._lock = threading.Lock()  # a descriptor that was closed may be somebody's file a moment later
        self._poll = select.poll()
        self._poll.register(self._read, select.POLLIN)
        self._connection: int | None = None

    def ring(self) -> None:
        """There is something to send; may be rung from any thread, also after ``close``."""
        with self._lock, suppress(BlockingIOError):  # so often rung that the pipe is full
            if self._write >= 0:
                os.write(self._write, b"!")

    def wait(self, connection: socket.socket, seconds: float) -> bool:
        """Whether there are bytes to read; returns at once when it was rung, after ``seconds`` at the latest.

        Raises OSError or ValueError when the socket is closed.
        """
        if isinstance(connection, ssl.SSLSocket) and connection.pending():
            return True
        if connection.fileno() != self._connection:
            self._watch(connection.fileno())
        ready = dict(self._poll.poll(seconds * 1000))
        if self._read in ready:
            os.read(self._read, 4096)
        return self._connection in ready

    def close(self) -> None:
        """Give the descriptors back."""
        with self._lock:
            for descriptor in (self._read, self._write):
                os.close(descriptor)
            self._read = self._write = -1

    def _watch(self, descriptor: int) -> None:
        self._poll.register(descriptor, select.POLLIN)
        if self._connection is not None:
            self._poll.unregister(self._connection)
        self._connection = descriptor
