"""A whole node of its own for the rehearsal: `dicom-node up` in a folder, on free ports."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dicom_node.errors import RehearsalFailed
from dicom_node.process import end_with_parent
from dicom_node.settings import ENVIRONMENT_PREFIX, Settings, load_settings

READY_WITHIN_SECONDS = 120.0
ENDED_WITHIN_SECONDS = 60.0


class NodeUnderRehearsal:
    """A node in ``folder`` that sends its results to ``destination_url``; ``start`` it and ``end`` it.

    It has the model packages of ``like``, and its ports or the next free ones.
    """

    def __init__(self, folder: Path, *, destination_url: str, like: Settings) -> None:
        self.log = folder / "node.log"
        self._settings_file = folder / "settings.toml"
        self._settings_file.write_text(
            _settings_text(
                destination_url=destination_url,
                packages=like.inference.packages,
                scp_port=_free_port(like.scp.port),
                dashboard_port=_free_port(like.dashboard.port),
            )
        )
        self.settings: Settings = load_settings(self._settings_file, environ={})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dashboard_address(self) -> str:
        """Where its status page is."""
        return f"http://{self.settings.dashboard.host}:{self.settings.dashboard.port}"

    def start(self) -> None:
        """Start it, and return when it says that it is ready. Raises RehearsalFailed, naming the log."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT_PREFIX)
        }
        command = [sys.executable, "-m", "dicom_node", "up", "--settings", str(self._settings_file)]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self._wait_until_ready(self._process)

    def end(self) -> None:
        """End it in order."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(ENDED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if "ready" in self.log.read_text(errors="replace").splitlines():
                return
            if process.poll() is not None:
                raise RehearsalFailed(f"the node ended before it was ready; its log is {self.log}")
            time.sleep(0.1)
        raise RehearsalFailed(f"the node was not ready in {READY_WITHIN_SECONDS:g} s; its log is {self.log}")


def _free_port(preferred: int) -> int:
    """A TCP port on the loopback that nobody has now: the preferred one, else one of the hundred after it.

    Not one the system picks: it could give it to an outgoing connection before the node listens.
    """
    for port in range(preferred, min(preferred + 100, 65536)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RehearsalFailed(f"none of the ports from {preferred} on is free on this machine's loopback")


def _settings_text(
    *, destination_url: str, packages: Sequence[Path], scp_port: int, dashboard_port: int
) -> str:
    # JSON's strings are TOML's basic strings.
    folders = ", ".join(json.dumps(str(package)) for package in packages)
    return (
        f"[scp]\nport = {scp_port}\n"
        f"[completeness]\nquiet_seconds = 2\n"
        f"[dashboard]\nport = {dashboard_port}\n"
        f"[inference]\npackages = [{folders}]\n"
        f"[destinations.pacs]\nurl = {json.dumps(destination_url)}\n"
    )
