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


class SocketBell:
    """Waits for bytes on a socket or for somebody who has something to send, whichever comes first."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._lock = threading.Lock()  # a descriptor that was closed may be somebody's file a moment later

    def ring(self) -> None:
        """There is something to send; may be rung from any thread, also after ``close``."""
        with self._lock, suppress(BlockingIOError):  # so often rung that the pipe is full
            if self._write >= 0:
                os.write(self._write, b"!")

    def wait(self, connection: socket.socket, seconds: float) -> bool:
        """Whether there are bytes to read; returns at once when it was rung, after ``seconds`` at the latest.

        ``poll``, since ``select`` knows no descriptor above 1023.
        """
        if isinstance(connection, ssl.SSLSocket) and connection.pending():
            return True
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        poll.register(self._read, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(seconds * 1000)}
        if self._read in ready:
            os.read(self._read, 4096)
        return connection.fileno() in ready

    def close(self) -> None:
        """Give the descriptors back."""
        with self._lock:
            for descriptor in (self._read, self._write):
                os.close(descriptor)
            self._read = self._write = -1
