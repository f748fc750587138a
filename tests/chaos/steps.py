"""The steps of an instance at which the receiver is killed, each put around a call it makes, not into the product."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

OUR_FILE = bytes(128) + b"DICM"
C_STORE_RSP = bytes.fromhex("0000 0001 0200 0000 0180")  # (0000,0100) in implicit little endian
P_DATA = 4


class Killer:
    """Kills this process where its step comes for the ``number``-th time; says so on its last line."""

    def __init__(self, step: str, number: int) -> None:
        self._last_words = f"killed: {step} {number}\n".encode()
        self._number = number
        self._calls = count(1)  # safe between threads

    def is_due(self) -> bool:
        """Count one; whether it is the one."""
        return next(self._calls) == self._number

    def kill(self) -> None:
        """kill −9: no handler, no flush, no thread gets to do anything more."""
        os.write(2, self._last_words)
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class Step:
    """``says`` what was done and what was not; ``install`` has the killer called at this point."""

    says: str
    install: Callable[[Killer], None]


def _received(killer: Killer) -> None:
    real = os.writev

    def writev(descriptor: int, chunks: Sequence[bytes | memoryview]) -> int:
        if bytes(chunks[0][: len(OUR_FILE)]) == OUR_FILE and killer.is_due():
            whole = b"".join(chunks)
            real(descriptor, [whole[: len(whole) // 2]])
            killer.kill()
        return real(descriptor, chunks)

    os.writev = writev  # type: ignore[assignment]


def _written(killer: Killer) -> None:
    real = os.fdatasync

    def fdatasync(descriptor: int) -> None:
        if killer.is_due():
            killer.kill()
        real(descriptor)

    os.fdatasync = fdatasync  # type: ignore[assignment]


def _synced(killer: Killer) -> None:
    real = os.fdatasync

    def fdatasync(descriptor: int) -> None:
        real(descriptor)
        if killer.is_due():
            killer.kill()

    os.fdatasync = fdatasync  # type: ignore[assignment]


def _named(killer: Killer) -> None:
    real = os.link

    def link(path: Path, final: Path) -> None:
        real(path, final)
        if killer.is_due():
            killer.kill()

    os.link = link  # type: ignore[assignment]


def _kept(killer: Killer) -> None:
    """The flush of a folder that comes next behind a name, in the thread that gave it."""
    real_link, real_fsync, thread = os.link, os.fsync, threading.local()

    def link(path: Path, final: Path) -> None:
        real_link(path, final)
        thread.is_named = True

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        if getattr(thread, "is_named", False):
            thread.is_named = False
            if killer.is_due():
                killer.kill()

    os.link, os.fsync = link, fsync  # type: ignore[assignment]


def _answered(killer: Killer) -> None:
    """Our own receiver sends by ``sendall``, plain pynetdicom by ``send``."""

    def then_kill(real: Callable[..., Any]) -> Callable[..., Any]:
        def send(connection: socket.socket, content: bytes, *more: Any) -> Any:
            result = real(connection, content, *more)
            if content[0] == P_DATA and C_STORE_RSP in content and killer.is_due():
                killer.kill()
            return result

        return send

    socket.socket.sendall = then_kill(socket.socket.sendall)  # type: ignore[method-assign]
    socket.socket.send = then_kill(socket.socket.send)  # type: ignore[method-assign]


def _committed(killer: Killer) -> None:
    real = os.unlink

    def unlink(path: Path, **more: Any) -> None:
        if Path(path).parent.name == "unfinished" and Path(path).stat().st_nlink > 1 and killer.is_due():
            killer.kill()
        real(path, **more)

    os.unlink = unlink  # type: ignore[assignment]


STEPS = {
    "received": Step(says="half of the data set is written", install=_received),
    "written": Step(says="all of it is written, not synced", install=_written),
    "synced": Step(says="its content is synced, it has no name", install=_synced),
    "named": Step(says="it has its name, the folder is not synced", install=_named),
    "kept": Step(says="the folder is synced, it is not answered", install=_kept),
    "answered": Step(says="it is answered, its row is not written", install=_answered),
    "committed": Step(says="its row is committed, its mark is still there", install=_committed),
}
