"""Both receivers of the door with DCMTK: the same promises, whichever ``[scp] receiver`` names."""

import signal
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pynetdicom import AE, _config

from dicom_node.ledger import Ledger, instances
from dicom_node.ledger.instances import Instance
from dicom_node.ledger.schema import instance
from dicom_node.scp.intake import Receiving
from dicom_node.scp.room import Room
from dicom_node.scp.server import Door
from dicom_node.settings import ScpSettings
from dicom_node.spool import DiskSpool
from tests.neighbours.ports import free_port
from tests.neighbours.programs import program
from tests.neighbours.storescu import SENT_AS_IT_IS
from tests.unit.dicom_node.given import rows

pytestmark = pytest.mark.real_neighbours

STUDY = "2.25.1"
ASSOCIATIONS, INSTANCES = 20, 20


class Running:
    """A door that is open, and what it keeps."""

    def __init__(self, folder: Path, receiver: str) -> None:
        self.port = free_port()
        self.spool = DiskSpool(folder / "spool")
        self.ledger = Ledger(f"sqlite:///{folder}/ledger.sqlite3")
        room = Room(self.spool.folder, keep_free_bytes=0, clock=time.monotonic)
        self.receiving = Receiving(spool=self.spool, ledger=self.ledger, room=room, clock=time.time)
        self.door = Door(
            ScpSettings(ae_title="DICOM_NODE", port=self.port, receiver=receiver),  # type: ignore[arg-type]
            self.receiving,
        )

    def held(self) -> list[Instance]:
        """What the ledger says we hold, once the rows that follow the answers are written."""
        self.receiving.rows.flush()
        with self.ledger.snapshot() as tx:
            studies = {str(row["study_instance_uid"]) for row in rows(self.ledger, instance)}
            return [each for study in sorted(studies) for each in instances.of_study(tx, study)]

    def files(self, under: str = "") -> list[Path]:
        """All files in the spool, or in a folder of it."""
        return sorted(path for path in (self.spool.folder / under).rglob("*") if path.is_file())

    def is_under_way(self) -> bool:
        """Whether an instance is coming in: as a file, or, on the stock receiver, in memory."""
        return bool(self.files("unfinished")) or any(
            association.dimse.message is not None for association in self._associations()
        )

    def connections(self) -> int:
        """How many associations are open."""
        return len(self._associations())

    def _associations(self) -> list[Any]:
        return [each for server in self.door._servers for each in server.active_associations]

    def close(self) -> None:
        self.door.close()
        self.receiving.close()
        self.ledger.close()


@pytest.fixture(params=["streaming", "stock"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    opened = Running(tmp_path / "node", request.param)
    yield opened
    opened.close()


def dcmtk(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [program(name), "-aec", "DICOM_NODE", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, check=False)


def data_set_of(path: Path) -> bytes:
    """The bytes behind preamble and File Meta Information."""
    whole = path.read_bytes()
    assert whole[128:132] == b"DICM"
    return whole[144 + struct.unpack_from("<I", whole, 140)[0] :]


def with_uids(name: str, folder: Path, *, number: int = 1, study: str = STUDY) -> Path:
    """A copy of a pydicom test file with UIDs of our own, otherwise as it is."""
    data_set = dcmread(str(get_testdata_file(name, download=False)))
    data_set.StudyInstanceUID, data_set.SeriesInstanceUID = study, f"{study}.1"
    data_set.SOPInstanceUID = data_set.file_meta.MediaStorageSOPInstanceUID = f"{study}.1.{number}"
    path = folder / f"{study}.{number}.{name}"
    data_set.save_as(path)
    return path


def eventually(holds: Callable[[], bool], *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.02)


def test_echoscu_gets_its_answers(running: Running) -> None:
    assert dcmtk("echoscu", "127.0.0.1", running.port).returncode == 0
    assert dcmtk("echoscu", "--repeat", 5, "127.0.0.1", running.port).returncode == 0


@pytest.mark.parametrize(("name", "proposal"), SENT_AS_IT_IS)
def test_an_instance_is_kept_as_it_came_in_its_transfer_syntax(
    running: Running, tmp_path: Path, name: str, proposal: str
) -> None:
    source = with_uids(name, tmp_path)
    sent = dcmtk("storescu", "-R", proposal, "127.0.0.1", running.port, source)
    assert sent.returncode == 0, sent.stderr

    (held,) = running.held()
    kept = running.spool.path(held.key)
    assert held.sop_instance_uid == f"{STUDY}.1.1"
    assert held.transfer_syntax_uid == dcmread(source, stop_before_pixels=True).file_meta.TransferSyntaxUID
    assert held.size_bytes == kept.stat().st_size
    assert running.files() == [kept]
    assert _elements(kept) == _elements(source)


def _elements(path: Path) -> dict[int, Any]:
    """Tag -> value, without the padding at the end, which DCMTK does not send. (It also mends a VR of pixels.)"""
    return {int(each.tag): each.value for each in dcmread(path) if each.keyword != "DataSetTrailingPadding"}


@pytest.mark.parametrize("name", [name for name, _ in SENT_AS_IT_IS])
def test_the_bytes_of_the_data_set_are_those_on_the_wire(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """DCMTK encodes anew what it sends; pynetdicom, told to send in chunks, sends what is in the file."""
    monkeypatch.setattr(_config, "STORE_SEND_CHUNKED_DATASET", True)
    source = with_uids(name, tmp_path)
    association = _associate(running, source)
    assert association.send_c_store(source).Status == 0x0000
    association.release()

    (held,) = running.held()
    assert data_set_of(running.spool.path(held.key)) == data_set_of(source)


def _associate(running: Running, source: Path) -> Any:
    """An association for the SOP class and transfer syntax of a file, its context of ID 1."""
    meta = dcmread(source, stop_before_pixels=True).file_meta
    entity = AE("SENDER")
    entity.add_requested_context(meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", running.port, ae_title="DICOM_NODE")
    assert association.is_established
    return association


def test_many_instances_on_one_association(running: Running, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    for number in range(1, 31):
        with_uids("CT_small.dcm", folder, number=number)
    sent = dcmtk("storescu", "+sd", "127.0.0.1", running.port, folder)
    assert sent.returncode == 0, sent.stderr
    assert len(running.held()) == len(running.files()) == 30


def test_the_same_twice_is_success_and_other_content_is_said(running: Running, tmp_path: Path) -> None:
    source = with_uids("CT_small.dcm", tmp_path)
    for _ in range(2):
        assert dcmtk("storescu", "127.0.0.1", running.port, source).returncode == 0
    changed = dcmread(source)
    changed.SeriesDescription = "other"
    changed.save_as(source)
    said = dcmtk("storescu", "-v", "127.0.0.1", running.port, source)
    assert "Success" not in said.stdout + said.stderr
    assert len(running.files("studies")) == len(running.files("quarantine")) == 1
    assert len(running.held()) == 1


def test_an_abort_instead_of_a_release_loses_nothing(running: Running, tmp_path: Path) -> None:
    source = with_uids("CT_small.dcm", tmp_path)
    dcmtk("storescu", "--abort", "127.0.0.1", running.port, source)
    assert len(running.held()) == 1
    eventually(lambda: running.files("unfinished") == [])


def _large(folder: Path, *, number: int = 1) -> Path:
    """An instance of 40 MB, more than sockets hold."""
    data_set: Dataset = dcmread(with_uids("CT_small.dcm", folder, number=number))
    data_set.Rows, data_set.Columns = 4096, 5120
    data_set.PixelData = bytes(4096 * 5120 * 2)
    path = folder / f"large-{number}.dcm"
    data_set.save_as(path)
    return path


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_sender_killed_in_the_middle_leaves_nothing_and_the_next_one_is_served(
    running: Running, tmp_path: Path, how: signal.Signals
) -> None:
    large = _large(tmp_path)
    # In small PDUs, to be longer under way.
    command = [program("storescu"), "-aec", "DICOM_NODE", "--max-send-pdu", "4096", "127.0.0.1"]
    killed_midway = 0
    for _ in range(5):
        sender = subprocess.Popen([*command, str(running.port), str(large)])
        while not running.is_under_way() and sender.poll() is None:
            time.sleep(0.002)
        sender.send_signal(how)
        killed_midway += sender.wait(10) == -how
    assert killed_midway >= 1
    eventually(lambda: running.files("unfinished") == [] and running.connections() == 0)
    assert len(running.files()) == len(running.held()) == min(1, 5 - killed_midway)

    assert dcmtk("storescu", "127.0.0.1", running.port, large).returncode == 0
    (held,) = running.held()
    assert _elements(running.spool.path(held.key)) == _elements(large)


def test_an_association_aborted_in_the_middle_of_an_instance_leaves_nothing(
    running: Running, tmp_path: Path
) -> None:
    source = with_uids("CT_small.dcm", tmp_path)
    association = _associate(running, source)
    sop_class_uid = str(association.accepted_contexts[0].abstract_syntax)
    half = _first_half(sop_class_uid, f"{STUDY}.1.1", data_set_of(source))
    association.dul.socket.socket.sendall(half)
    eventually(running.is_under_way)
    association.abort()
    eventually(lambda: running.connections() == 0)
    eventually(lambda: running.files() == [])
    assert running.held() == []


def _first_half(sop_class_uid: str, sop_instance_uid: str, data_set: bytes) -> bytes:
    """A C-STORE-RQ and the first bytes of its data set, in whole PDUs."""

    def element(number: int, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        return struct.pack("<HHI", 0, number, len(value)) + value

    def p_data(control: int, content: bytes) -> bytes:
        return struct.pack(">BBIIBB", 4, 0, len(content) + 6, len(content) + 2, 1, control) + content

    body = b"".join(
        (
            element(0x0002, sop_class_uid.encode()),
            element(0x0100, struct.pack("<H", 1)),
            element(0x0110, struct.pack("<H", 1)),
            element(0x0700, struct.pack("<H", 0)),
            element(0x0800, struct.pack("<H", 1)),
            element(0x1000, sop_instance_uid.encode()),
        )
    )
    command = element(0x0000, struct.pack("<I", len(body))) + body
    return p_data(0x03, command) + p_data(0x00, data_set[: len(data_set) // 2])


def test_many_associations_at_once_and_every_instance_is_kept_once(running: Running, tmp_path: Path) -> None:
    """Every association opens a study of its own and brings one instance that all bring."""
    for study in range(ASSOCIATIONS):
        folder = tmp_path / f"sent-{study}"
        folder.mkdir()
        for number in range(1, INSTANCES):
            with_uids("CT_small.dcm", folder, number=number, study=f"2.25.1{study:02}")
        with_uids("CT_small.dcm", folder, number=1, study="2.25.999")

    def send(study: int) -> subprocess.CompletedProcess[str]:
        return dcmtk("storescu", "+sd", "127.0.0.1", running.port, tmp_path / f"sent-{study}")

    with ThreadPoolExecutor(ASSOCIATIONS) as pool:
        sent = list(pool.map(send, range(ASSOCIATIONS)))
    assert [each.stderr for each in sent if each.returncode != 0] == []

    held = running.held()
    assert len(held) == ASSOCIATIONS * (INSTANCES - 1) + 1
    assert sorted(running.spool.path(each.key) for each in held) == running.files()
    for each in held:
        assert running.spool.path(each.key).stat().st_size == each.size_bytes
    pixels = dcmread(str(get_testdata_file("CT_small.dcm", download=False))).PixelData
    assert all(dcmread(running.spool.path(each.key)).PixelData == pixels for each in held[:: len(held) // 10])
