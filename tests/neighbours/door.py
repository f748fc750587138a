"""The door alone: `dicom-node receive` in a process of its own, looked at from outside through /proc."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.neighbours.belongings import Belongings, belongings_of, resting, seconds_until_within
from tests.neighbours.instance import Instance, new_instance
from tests.neighbours.peer import Peer
from tests.neighbours.ports import free_port, wait_for_port

OUR_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} receive (INFO|WARNING|ERROR) \S.*")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
KEPT = re.compile(
    r"studies/[0-9.]{1,64}/[0-9.]{1,64}/[0-9.]{1,64}\.dcm|quarantine/[0-9.]{1,64}/[0-9a-f]{32}\.dcm"
)
SPOOL = "spool"
Setting = float | str | Path | Mapping[str, "Setting"] | Sequence["Setting"]


class Door:
    """A door in ``folder``. ``[scp]`` has ``settings`` beside the port and the receiver.

    ``tls = {...}`` is ``[scp.tls]``, and ``modality = [{...}]`` holds each ``[[scp.modality]]``.
    """

    def __init__(self, folder: Path, *, receiver: str = "streaming", **settings: Setting) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.receiver = receiver
        self._checked = 0
        self.port = free_port()
        self._log = folder / "door.log"
        self.settings_file = folder / "settings.toml"
        scp = "\n".join(f"{key} = {_toml(value)}" for key, value in settings.items())
        self.settings_file.write_text(
            f'[scp]\nport = {self.port}\nreceiver = "{receiver}"\n{scp}\n'
            f'[spool]\nurl = "{SPOOL}"\nkeep_free = "1 MB"\n[ledger]\nurl = "sqlite:///ledger.sqlite3"\n'
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, program: Sequence[str] = ("dicom_node",)) -> "Door":
        """Start it; returns when it listens. ``program``: the module, and what stands before its command."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *program, "receive", "--settings", str(self.settings_file)],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=Path(__file__).parents[2],
            )
        wait_for_port(self.port)
        self.outside = self._files_outside()
        return self

    def stop(self) -> int:
        """End it in order; returns its exit code."""
        self._running().send_signal(signal.SIGTERM)
        try:
            return self._running().wait(20)
        except subprocess.TimeoutExpired:
            self._running().kill()
            raise

    def wait(self, *, seconds: float = 20) -> int:
        """Its exit code, once it has ended by itself. Raises subprocess.TimeoutExpired when it does not."""
        return self._running().wait(seconds)

    @property
    def pid(self) -> int:
        """Its process. Raises AssertionError when that has ended."""
        running = self._running()
        assert running.poll() is None, (
            f"the door ended with {running.returncode}; its log:\n{self.log()[-3000:]}"
        )
        return running.pid

    @property
    def memory_bytes(self) -> int:
        """What it holds in memory now."""
        return self._status("VmRSS")

    @property
    def peak_bytes(self) -> int:
        """The most it has held since ``forget_peak``."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Let the peak be what it holds now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def log(self, *, after: int = 0) -> str:
        """All it wrote, behind the first so many characters."""
        return self._log.read_bytes().decode("utf-8", "backslashreplace")[after:]

    def path(self, instance: Instance) -> Path:
        """Where it keeps an instance."""
        uids = (instance.study_instance_uid, instance.series_instance_uid, instance.sop_instance_uid)
        study, series, sop = (uid.decode() for uid in uids)
        return self.spool / "studies" / study / series / f"{sop}.dcm"

    @property
    def spool(self) -> Path:
        """Its spool."""
        return self.folder / SPOOL

    def kept(self) -> list[str]:
        """Every file in its spool, by its name there; without the marks of those whose rows are still to follow."""
        return sorted(
            each.relative_to(self.spool).as_posix()
            for each in self.spool.rglob("*")
            if each.is_file() and not _is_mark(each)
        )

    def quarantined(self, instance: Instance) -> list[Path]:
        """What is in quarantine under an instance's UID."""
        return list((self.spool / "quarantine" / instance.sop_instance_uid.decode()).glob("*.dcm"))

    def take(self, instance: Instance) -> int:
        """Store an instance over an association of its own; returns the status."""
        with Peer(self.port) as peer:
            peer.associate((1, instance.sop_class_uid.decode(), (instance.transfer_syntax_uid,)))
            status = peer.store(instance.sop_class_uid, instance.sop_instance_uid, instance.data_set)
            peer.release()
        return status

    def check_canary(self) -> None:
        """A sound instance is stored byte for byte. Raises AssertionError when it is not."""
        canary = new_instance()
        status = self.take(canary)
        assert status == 0, f"the canary was answered {status:04X}"
        assert data_set_of(self.path(canary)) == canary.data_set, "the canary was not kept as it came"

    def check_log(self, *never: str) -> None:
        """Every line since the last check is one of ours, and holds none of ``never``. Raises AssertionError."""
        said = self.log(after=self._checked)
        self._checked = len(self.log())
        forged = [line for line in said.split("\n") if line and not OUR_LINE.fullmatch(line)]
        assert not forged, f"lines that are not ours: {forged[:20]}"
        control = [line for line in said.split("\n") if CONTROL.search(line)]
        assert not control, f"control characters: {control[:3]}"
        # Whole words: a number of five digits lies in many a count of bytes.
        told = [word for word in never if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said)]
        assert not told, f"the log tells {told}"

    def check_files(self) -> None:
        """Nothing is written outside the spool, nor in it under a name not ours. Raises AssertionError."""
        assert self._files_outside() == self.outside, "a file outside the spool"
        strange = [name for name in self.kept() if not KEPT.fullmatch(name)]
        assert not strange, f"in the spool: {strange[:5]}"

    def remember_rest(self) -> None:
        """Take the threads and descriptors it has now, and two more, for those it has at rest."""
        now = resting(self.pid)
        self._at_rest = Belongings(threads=now.threads + 2, descriptors=now.descriptors + 2)

    def settle(self, *, seconds: float = 5.0) -> None:
        """Return when it is at rest again. Raises AssertionError when it does not come to it."""
        took = seconds_until_within(self.pid, self._at_rest, at_most_seconds=seconds)
        assert took is not None, f"{belongings_of(self.pid)} are left, at rest there are {self._at_rest}"

    def _files_outside(self) -> set[Path]:
        """Two folders up from the spool, where a ``..`` would lead, without what the door writes itself."""
        ours = ("ledger.sqlite3", self._log.name, self.settings_file.name)
        return {
            each
            for each in self.folder.parent.rglob("*")
            if self.spool not in each.parents and not each.name.startswith(ours)
        }

    def _status(self, key: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{key}:"))

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "start it first"
        return self._process


def _toml(value: Setting) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, str | float | int):
        return json.dumps(value)
    return json.dumps(str(value)) if isinstance(value, Path) else f"[{', '.join(map(_toml, value))}]"


def _is_mark(path: Path) -> bool:
    """Whether it is the second name of a file that was kept; one that goes at this moment was."""
    try:
        return path.parent.name == "unfinished" and path.stat().st_nlink > 1
    except FileNotFoundError:
        return True


def data_set_of(path: Path) -> bytes:
    """The data set in a PS3.10 file: what stands behind preamble, prefix and group 0002."""
    content = path.read_bytes()
    assert content[128:132] == b"DICM"
    assert content[132:140] == b"\x02\0\0\0UL\x04\0"
    return content[144 + int.from_bytes(content[140:144], "little") :]
