"""Serves the dashboard until the process is asked to end."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from dicom_node.errors import SettingsInvalid

_FINISH_WITHIN_SECONDS = 5


def serve(app: Starlette, *, host: str, port: int) -> None:
    """Serve ``app`` on host and port; returns, in order, after SIGTERM or SIGINT.

    Raises SettingsInvalid when the address cannot be listened on.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_FINISH_WITHIN_SECONDS,
    )
    server = uvicorn.Server(config)
    with _listening(host, port) as listener, _outliving_signals(server):
        server.run(sockets=[listener])


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen here and not in uvicorn, which would end the process without a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise SettingsInvalid(f"[dashboard] host, port: cannot listen on {host}:{port}: {reason}") from error
    with listener:
        yield listener


@contextmanager
def _outliving_signals(server: uvicorn.Server) -> Iterator[None]:
    """uvicorn raises the signal that ended it once more; the caller still has things to put in order."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True  # one that comes before uvicorn listens for it counts as well

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, end) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
