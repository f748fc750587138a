"""The node itself, as an admin runs it: `dicom-node up` with settings, asked by its own command line."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dicom_node.process import end_with_parent
from tests.neighbours.ports import free_port
from tests.neighbours.processes import pids_with_word
from tests.neighbours.programs import program

QUIET_SECONDS = 1
CXR_LUNGS = Path(__file__).parents[2] / "inference" / "models" / "cxr_lungs-1.1.0"
"""One model, so that a study has one analysis; with all of them a study goes through in tests of the rehearsal."""


class Node:
    """A node in ``folder``; ``destinations`` is name -> URL, ``more`` are further lines of its settings."""

    def __init__(
        self,
        folder: Path,
        *,
        destinations: Mapping[str, str],
        queue_url: str = "embedded",
        lease_seconds: float = 4,
        packages: Path = CXR_LUNGS,
        more: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.dashboard_port = free_port()
        self.settings_file = folder / "settings.toml"
        self._log = folder / "node.log"
        sections = "".join(f'[destinations.{name}]\nurl = "{url}"\n' for name, url in destinations.items())
        self.settings_file.write_text(
            f"[scp]\nport = {self.port}\n[dashboard]\nport = {self.dashboard_port}\n"
            f'[queue]\nurl = "{queue_url}"\nlease_seconds = {lease_seconds}\n'
            f"[completeness]\nquiet_seconds = {QUIET_SECONDS}\n[delivery]\nretry_at_most_seconds = 2\n"
            f'[inference]\npackages = ["{packages}"]\n{sections}{more}'
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 120.0) -> "Node":
        """Start it; returns when it said `ready`."""
        before = self.log().splitlines().count("ready")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dicom_node", "up", "--settings", str(self.settings_file)],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,  # no node outlives the tests, however they end
            )
        self._wait(lambda: self.log().splitlines().count("ready") > before, seconds, "the node is not ready")
        return self

    def stop(self) -> int:
        """End it in order; returns its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(60)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pids(self) -> list[int]:
        """The processes that were started with its settings, also when it itself was killed."""
        return pids_with_word(str(self.settings_file))

    def log(self) -> str:
        """All it and its processes wrote."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def store(self, *files: Path) -> subprocess.CompletedProcess[str]:
        """Send files with DCMTK's storescu, as a modality would."""
        command = [
            program("storescu"),
            "-v",
            "-aet",
            "MODALITY",
            "-aec",
            "DICOM_NODE",
            "127.0.0.1",
            str(self.port),
        ]
        return subprocess.run(
            [*command, *map(str, files)], capture_output=True, text=True, timeout=60, check=False
        )

    def ask(self, *words: str) -> Any:
        """What `dicom-node WORDS --json` answers."""
        command = [
            sys.executable,
            "-m",
            "dicom_node",
            *words,
            "--settings",
            str(self.settings_file),
            "--json",
        ]
        answered = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        return json.loads(answered.stdout)

    def study(self, study_instance_uid: str) -> dict[str, Any]:
        """The report of one study, or nothing."""
        found = self.ask("studies", "--study", study_instance_uid)
        return found[0] if found else {}

    def wait_for_study(
        self, study_instance_uid: str, holds: Callable[[dict[str, Any]], bool], *, seconds: float = 60.0
    ) -> dict[str, Any]:
        """The study's report, once it ``holds``."""
        seen: dict[str, Any] = {}

        def look() -> bool:
            seen.update(self.study(study_instance_uid))
            return bool(seen) and holds(seen)

        self._wait(look, seconds, f"the study did not come that far: {seen}")
        return seen

    def kill_process(self, kind: str) -> None:
        """kill -9 of the process of this kind: receive, steward, work or dashboard."""
        for process in self.ask("status")["processes"]:
            if process["kind"] == kind:
                os.kill(int(process["process"].rpartition(":")[2].partition("@")[0]), signal.SIGKILL)
                return
        raise LookupError(f"no {kind} process is alive")

    def _wait(self, holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            time.sleep(0.1)
        raise TimeoutError(f"{otherwise} after {seconds:g} s; its log:\n{self.log()[-5000:]}")
