"""A receiver under measurement: its process, and how to see what it has stored."""

import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0


class Missing(Exception):
    """This receiver cannot be measured here; the sentence says why."""


class StartFailed(Exception):
    """It is installed, but does not come up."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running receiver; ``count_stored`` says how many instances it holds by its own account."""

    port: int
    ae_title: str
    process: subprocess.Popen[bytes]
    count_stored: Callable[[], int]

    @property
    def pid(self) -> int:
        """The process that was started; it may have children."""
        return self.process.pid

    def stop(self) -> None:
        """End it; kill it where it does not end within 20 s."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    command: list[str],
    *,
    folder: Path,
    port: int,
    ae_title: str,
    count_stored: Callable[[], int],
    environment: Mapping[str, str] | None = None,
) -> Server:
    """Start ``command``, which listens on ``port``, and wait until it does. Raises StartFailed with its last words."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    server = Server(port=port, ae_title=ae_title, process=process, count_stored=count_stored)
    try:
        _wait_until_it_listens(server, log)
    except BaseException:  # as Ctrl-C: no server is left behind
        server.stop()
        raise
    return server


def count_files(folder: Path, pattern: str = "*") -> Callable[[], int]:
    """Counts the files below ``folder``."""
    return lambda: sum(path.is_file() for path in folder.rglob(pattern))


def _wait_until_it_listens(server: Server, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _listens(server.port):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise StartFailed(f"it does not come up: {log.read_text(errors='replace').strip()[-500:]}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
