"""The stand-in PACS with its real neighbours: DCMTK and Orthanc on loopback, pynetdicom where they have no word."""

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StudyRootQueryRetrieveInformationModelFind

from dicom_node.demo.pacs.server import StandInPacs
from tests.neighbours.storescu import SENT_AS_IT_IS

pytestmark = pytest.mark.real_neighbours

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
WELL_KNOWN_INSTANCE = "1.2.840.10008.1.20.1.1"


@pytest.fixture
def pacs(tmp_path: Path) -> Iterator[StandInPacs]:
    running = StandInPacs(folder=tmp_path / "pacs")
    running.start()
    yield running
    running.stop()


# --- DCMTK ----------------------------------------------------------------------------------------------


def dcmtk(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} of DCMTK is not installed (Debian package dcmtk)")
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=False)


def test_echoscu_gets_an_answer(pacs: StandInPacs) -> None:
    assert dcmtk("echoscu", "127.0.0.1", pacs.port).returncode == 0


@pytest.mark.parametrize(("name", "proposal"), SENT_AS_IT_IS)
def test_storescu_leaves_an_instance_as_it_is_in_its_transfer_syntax(
    pacs: StandInPacs, tmp_path: Path, name: str, proposal: str
) -> None:
    source = with_uids(name, tmp_path)
    sent = dcmtk("storescu", "-R", proposal, "127.0.0.1", pacs.port, source)
    assert sent.returncode == 0, sent.stderr
    [held] = pacs.instances()
    original, kept = dcmread(source), dcmread(held.path)
    assert kept.file_meta.TransferSyntaxUID == original.file_meta.TransferSyntaxUID
    assert kept.get("PixelData") == original.get("PixelData")
    assert (kept.SOPClassUID, kept.SOPInstanceUID) == (original.SOPClassUID, original.SOPInstanceUID)
    assert (held.study_instance_uid, held.modality) == ("2.25.1", original.get("Modality", ""))


def with_uids(name: str, folder: Path) -> Path:
    """A copy of a pydicom test file with the UIDs that some of them lack, otherwise as it is."""
    dataset = dcmread(str(get_testdata_file(name, download=False)))
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.1", "2.25.11"
    dataset.save_as(folder / name)
    return folder / name


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with a study of two series: three CT and one MR instance."""
    folder = tmp_path / "study"
    folder.mkdir()
    write_instances(
        folder, "CT_small.dcm", study_instance_uid="2.25.1", series_instance_uid="2.25.11", count=3
    )
    write_instances(
        folder, "MR_small.dcm", study_instance_uid="2.25.1", series_instance_uid="2.25.12", count=1
    )
    return folder


def write_instances(
    folder: Path, name: str, *, study_instance_uid: str, series_instance_uid: str, count: int
) -> None:
    dataset = dcmread(str(get_testdata_file(name, download=False)))
    dataset.StudyInstanceUID = study_instance_uid
    dataset.SeriesInstanceUID = series_instance_uid
    dataset.PatientID, dataset.PatientName, dataset.StudyDate = "SECRET7", "Grünwald^Änne", "20260131"
    for number in range(1, count + 1):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = (
            f"{series_instance_uid}.{number}"
        )
        dataset.save_as(folder / f"{series_instance_uid}.{number}.dcm")


def send(pacs: StandInPacs, folder: Path) -> subprocess.CompletedProcess[str]:
    return dcmtk("storescu", "+sd", "127.0.0.1", pacs.port, folder)


def find(pacs: StandInPacs, out: Path, *keys: str) -> list[Dataset]:
    out.mkdir()
    arguments = [word for key in keys for word in ("-k", key)]
    asked = dcmtk("findscu", "-S", "-X", "-od", out, *arguments, "127.0.0.1", pacs.port)
    assert asked.returncode == 0, asked.stderr
    return [dcmread(path) for path in sorted(out.glob("rsp*.dcm"))]


def test_findscu_walks_from_study_to_series_to_instance(
    pacs: StandInPacs, study: Path, tmp_path: Path
) -> None:
    assert send(pacs, study).returncode == 0
    [found] = find(
        pacs, tmp_path / "1", "QueryRetrieveLevel=STUDY", "StudyInstanceUID=2.25.1", "PatientID", "PatientName",
        "StudyDate", "NumberOfStudyRelatedInstances",
    )  # fmt: skip
    assert (found.PatientID, str(found.PatientName), found.StudyDate) == (
        "SECRET7",
        "Grünwald^Änne",
        "20260131",
    )
    assert found.NumberOfStudyRelatedInstances == 4
    series = find(
        pacs, tmp_path / "2", "QueryRetrieveLevel=SERIES", "StudyInstanceUID=2.25.1", "SeriesInstanceUID",
        "Modality", "NumberOfSeriesRelatedInstances",
    )  # fmt: skip
    assert [(one.SeriesInstanceUID, one.Modality, one.NumberOfSeriesRelatedInstances) for one in series] == [
        ("2.25.11", "CT", 3),
        ("2.25.12", "MR", 1),
    ]
    instances = find(
        pacs, tmp_path / "3", "QueryRetrieveLevel=IMAGE", "StudyInstanceUID=2.25.1",
        "SeriesInstanceUID=2.25.11", "SOPInstanceUID",
    )  # fmt: skip
    assert [one.SOPInstanceUID for one in instances] == ["2.25.11.1", "2.25.11.2", "2.25.11.3"]
    assert find(pacs, tmp_path / "4", "QueryRetrieveLevel=STUDY", "StudyInstanceUID=2.25.2") == []


def test_nothing_of_the_patient_is_logged(
    pacs: StandInPacs, study: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert send(pacs, study).returncode == 0
        assert send(pacs, study).returncode == 0
        find(pacs, tmp_path / "1", "QueryRetrieveLevel=STUDY", "PatientName=Gr*", "PatientID=SECRET7")
    assert "Find Request" in caplog.text or "C-FIND" in caplog.text
    assert not any(word in caplog.text for word in ("SECRET7", "wald", "20260131"))


def test_it_refuses_while_told_to_and_takes_afterwards(pacs: StandInPacs, study: Path) -> None:
    pacs.refuse_with = 0xA700
    assert "OutOfResources" in send_verbosely(pacs, study)
    assert pacs.instances() == []
    pacs.refuse_with = None
    assert send(pacs, study).returncode == 0
    assert len(pacs.instances("2.25.1")) == 4


def send_verbosely(pacs: StandInPacs, folder: Path) -> str:
    sent = dcmtk("storescu", "-v", "+sd", "127.0.0.1", pacs.port, folder)
    return sent.stdout + sent.stderr


def test_other_content_under_a_known_uid_is_answered_success_and_not_kept(
    pacs: StandInPacs, study: Path
) -> None:
    assert send(pacs, study).returncode == 0
    before = {one.path: one.path.read_bytes() for one in pacs.instances()}
    for path in study.iterdir():
        changed = dcmread(path)
        changed.SeriesDescription = "other"
        changed.save_as(path)
    assert send(pacs, study).returncode == 0
    assert {one.path: one.path.read_bytes() for one in pacs.instances()} == before


def test_stopped_it_is_away_and_started_again_it_is_back_with_all_it_had(
    pacs: StandInPacs, study: Path
) -> None:
    send(pacs, study)
    held, port = pacs.instances(), pacs.port
    pacs.stop()
    assert dcmtk("echoscu", "127.0.0.1", port).returncode != 0
    pacs.start()
    assert pacs.port == port
    assert dcmtk("echoscu", "127.0.0.1", port).returncode == 0
    assert pacs.instances() == held
    assert len(held) == 4


# --- the process ----------------------------------------------------------------------------------------


def spawn(folder: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    arguments = ["--folder", str(folder), "--port", str(port), "--ae-title", "REHEARSAL"]
    command = [sys.executable, "-m", "dicom_node.demo.pacs", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline()


def test_the_process_says_where_it_is_survives_kill_9_and_ends_on_sigterm(
    study: Path, tmp_path: Path
) -> None:
    port = free_port()
    process, line = spawn(tmp_path / "pacs", port)
    try:
        assert line == f"stand-in PACS listens at dicom://REHEARSAL@127.0.0.1:{port}\n"
        assert dcmtk("storescu", "+sd", "127.0.0.1", port, study).returncode == 0
    finally:
        process.kill()
        process.communicate()
    process, _ = spawn(tmp_path / "pacs", port)
    try:
        found = find_by_port(port, tmp_path / "found")
        assert [one.NumberOfStudyRelatedInstances for one in found] == [4]
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=15)
        assert (process.returncode, output) == (0, "")
    finally:
        process.kill()
        process.communicate()


def find_by_port(port: int, out: Path) -> list[Dataset]:
    out.mkdir()
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID", "-k", "NumberOfStudyRelatedInstances")
    assert dcmtk("findscu", "-S", "-X", "-od", out, *keys, "127.0.0.1", port).returncode == 0
    return [dcmread(path) for path in sorted(out.glob("rsp*.dcm"))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- requesters that are wrong, or few tools can play ---------------------------------------------------


def associate(pacs: StandInPacs, *sop_classes: str, **options: Any) -> Any:
    application_entity = AE(ae_title="REQUESTER")
    for sop_class in sop_classes:
        application_entity.add_requested_context(sop_class)
    association = application_entity.associate("127.0.0.1", pacs.port, **options)
    assert association.is_established
    return association


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"SOPInstanceUID": "2.25.9"}, 0xA900), ({"StudyInstanceUID": ""}, 0xC000), ({}, 0x0000)],
)
def test_an_instance_that_contradicts_its_command_or_lacks_a_uid_is_not_kept(
    pacs: StandInPacs, changes: dict[str, str], status: int
) -> None:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    named = dataset.SOPInstanceUID
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    association = associate(pacs, CT)
    request_for(association, named)
    assert association.send_c_store(dataset).Status == status
    association.release()
    assert len(pacs.instances()) == (status == 0x0000)


def request_for(association: Any, sop_instance_uid: str) -> None:
    """Make the next C-STORE command name this instance, whatever the data set says."""
    send_msg = association.dimse.send_msg

    def send_named(primitive: Any, context_id: int) -> None:
        primitive.AffectedSOPInstanceUID = sop_instance_uid
        send_msg(primitive, context_id)

    association.dimse.send_msg = send_named


def test_a_query_says_which_keys_it_left_out_and_why_it_was_refused(pacs: StandInPacs, study: Path) -> None:
    send(pacs, study)
    association = associate(pacs, StudyRootQueryRetrieveInformationModelFind)
    model = StudyRootQueryRetrieveInformationModelFind
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID, identifier.StudyTime = "STUDY", "", ""
    answers = list(association.send_c_find(identifier, model))
    assert [status.Status for status, _ in answers] == [0xFF01, 0x0000]
    assert "StudyTime" not in answers[0][1]
    identifier.QueryRetrieveLevel = "SERIES"
    [(refusal, _)] = association.send_c_find(identifier, model)
    association.release()
    assert refusal.Status == 0xA900
    assert "StudyInstanceUID" in refusal.ErrorComment


# --- storage commitment ---------------------------------------------------------------------------------


class Reports:
    """What a requester was told by N-EVENT-REPORT."""

    def __init__(self, *, answer_seconds: float = 0.0) -> None:
        self.answer_seconds = answer_seconds
        self.received: list[tuple[int, Dataset]] = []
        self.roles: list[tuple[bool, bool]] = []
        self._came = threading.Event()

    def on_n_event_report(self, event: Any) -> tuple[int, None]:
        self.received.append((event.event_type, event.event_information))
        self.roles.extend(
            (role.scu_role, role.scp_role) for role in event.assoc.requestor.role_selection.values()
        )
        self._came.set()
        time.sleep(self.answer_seconds)
        return 0x0000, None

    def only_one(self) -> tuple[int, Dataset]:
        assert self._came.wait(20), "no N-EVENT-REPORT came"
        time.sleep(0.5)
        [report] = self.received
        return report


def ask_to_commit(association: Any, *references: tuple[str, str]) -> tuple[str, int]:
    information = Dataset()
    information.TransactionUID = generate_uid()
    information.ReferencedSOPSequence = [item_of(*one) for one in references]
    status, _ = association.send_n_action(information, 1, StorageCommitmentPushModel, WELL_KNOWN_INSTANCE)
    return str(information.TransactionUID), status.Status


def item_of(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class_uid, sop_instance_uid
    return item


def test_a_commitment_is_reported_on_the_same_association_while_it_lives(
    pacs: StandInPacs, study: Path
) -> None:
    send(pacs, study)
    reports = Reports()
    association = associate(
        pacs, StorageCommitmentPushModel, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reports.on_n_event_report)]
    )
    transaction_uid, status = ask_to_commit(association, (CT, "2.25.11.1"), (MR, "2.25.12.1"))
    event_type, information = reports.only_one()
    assert status == 0x0000
    assert (event_type, information.TransactionUID) == (1, transaction_uid)
    assert [i.ReferencedSOPInstanceUID for i in information.ReferencedSOPSequence] == [
        "2.25.11.1",
        "2.25.12.1",
    ]
    assert association.is_established, "the association must go on after the report"
    again, _ = ask_to_commit(association, (CT, "2.25.11.9"))
    wait_for(lambda: len(reports.received) == 2)
    association.release()
    event_type, information = reports.received[1]
    assert (event_type, information.TransactionUID) == (2, again)
    [failed] = information.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == ("2.25.11.9", 0x0112)


def test_several_requests_at_once_on_one_association_get_a_report_each(
    pacs: StandInPacs, study: Path, caplog: pytest.LogCaptureFixture
) -> None:
    send(pacs, study)
    reports = Reports(answer_seconds=0.3)
    association = associate(
        pacs, StorageCommitmentPushModel, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reports.on_n_event_report)]
    )
    asked = [ask_to_commit(association, (CT, f"2.25.11.{number}"))[0] for number in (1, 2, 3) * 2]
    wait_for(lambda: len(reports.received) == 6)
    time.sleep(6)  # longer than the PACS would wait for an answer that another report took
    assert association.is_established
    association.release()
    assert sorted(str(information.TransactionUID) for _, information in reports.received) == sorted(asked)
    assert "could not report" not in caplog.text


def wait_for(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def listener() -> Iterator[tuple[int, Reports]]:
    """A requester who hears reports on a port of its own, and accepts us as SCP there."""
    reports = Reports()
    application_entity = AE(ae_title="REQUESTER")
    application_entity.add_supported_context(StorageCommitmentPushModel, scu_role=False, scp_role=True)
    server = application_entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reports.on_n_event_report)]
    )
    yield server.server_address[1], reports
    application_entity.shutdown()


def test_a_commitment_is_reported_on_a_new_association_when_the_requester_has_released(
    tmp_path: Path, study: Path, listener: tuple[int, Reports]
) -> None:
    port, reports = listener
    pacs = StandInPacs(folder=tmp_path / "pacs", commitment_peers={"REQUESTER": ("127.0.0.1", port)})
    pacs.start()
    try:
        send(pacs, study)
        association = associate(pacs, StorageCommitmentPushModel)
        began = time.monotonic()
        transaction_uid, _ = ask_to_commit(association, (CT, "2.25.11.1"))
        association.release()
        assert association.is_released
        assert time.monotonic() - began < 2, "the release had to wait for the report"
        event_type, information = reports.only_one()
    finally:
        pacs.stop()
    assert (event_type, information.TransactionUID) == (1, transaction_uid)
    assert reports.roles == [(False, True)], "the PACS proposes itself as SCP"


def test_a_requester_who_released_and_has_no_known_address_is_not_reported_to(
    pacs: StandInPacs, study: Path, caplog: pytest.LogCaptureFixture
) -> None:
    send(pacs, study)
    association = associate(pacs, StorageCommitmentPushModel)
    transaction_uid, status = ask_to_commit(association, (CT, "2.25.11.1"))
    association.release()
    assert status == 0x0000
    wait_for(lambda: f"could not report commitment {transaction_uid}" in caplog.text)


def test_what_is_no_commitment_request_is_refused_and_not_reported(pacs: StandInPacs) -> None:
    reports = Reports()
    association = associate(
        pacs, StorageCommitmentPushModel, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reports.on_n_event_report)]
    )
    assert ask_to_commit(association)[1] == 0x0115
    status, _ = association.send_n_action(
        item_of(CT, "2.25.1"), 7, StorageCommitmentPushModel, WELL_KNOWN_INSTANCE
    )
    assert status.Status == 0x0123
    time.sleep(1)
    association.release()
    assert reports.received == []


# --- Orthanc --------------------------------------------------------------------------------------------


@pytest.fixture
def orthanc(tmp_path: Path) -> Iterator[tuple[httpx.Client, StandInPacs]]:
    """An Orthanc and a stand-in PACS that know each other; the client speaks to Orthanc."""
    program = shutil.which("Orthanc")
    if program is None:
        pytest.skip("Orthanc is not installed (Debian package orthanc)")
    dicom_port, http_port = free_port(), free_port()
    pacs = StandInPacs(folder=tmp_path / "pacs", commitment_peers={"ORTHANC": ("127.0.0.1", dicom_port)})
    pacs.start()
    configuration = tmp_path / "orthanc.json"
    configuration.write_text(json.dumps(orthanc_configuration(tmp_path, dicom_port, http_port, pacs)))
    process = subprocess.Popen([program, str(configuration)], stderr=subprocess.DEVNULL)
    client = httpx.Client(base_url=f"http://127.0.0.1:{http_port}", timeout=30, trust_env=False)
    try:
        wait_for(lambda: is_up(client))
        yield client, pacs
    finally:
        client.close()
        process.terminate()
        process.wait(20)
        pacs.stop()


def orthanc_configuration(folder: Path, dicom_port: int, http_port: int, pacs: StandInPacs) -> dict[str, Any]:
    modality = {"AET": pacs.ae_title, "Host": "127.0.0.1", "Port": pacs.port, "AllowStorageCommitment": True}
    return {
        "StorageDirectory": os.fspath(folder / "orthanc"),
        "IndexDirectory": os.fspath(folder / "orthanc"),
        "DicomAet": "ORTHANC",
        "DicomPort": dicom_port,
        "HttpPort": http_port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomModalities": {"pacs": modality},
    }


def is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/system").status_code == 200
    except httpx.TransportError:
        return False


def test_orthanc_stores_finds_and_gets_its_commitment(
    orthanc: tuple[httpx.Client, StandInPacs], study: Path
) -> None:
    client, pacs = orthanc
    for path in sorted(study.iterdir()):
        client.post("/instances", content=path.read_bytes()).raise_for_status()
    client.post("/modalities/pacs/store", json=client.get("/instances").json()).raise_for_status()
    assert len(pacs.instances("2.25.1")) == 4
    query = {"Level": "Study", "Query": {"StudyInstanceUID": "2.25.1", "NumberOfStudyRelatedInstances": ""}}
    answer = client.post("/modalities/pacs/query", json=query).raise_for_status().json()
    content = client.get(f"/queries/{answer['ID']}/answers/0/content?simplify").raise_for_status().json()
    assert content["NumberOfStudyRelatedInstances"].strip() == "4"
    held = commitment_of(client, (CT, "2.25.11.1"), (MR, "2.25.12.1"))
    assert (held["Status"], len(held["Success"]), held["Failures"]) == ("Success", 2, [])
    missing = commitment_of(client, (CT, "2.25.11.1"), (CT, "2.25.11.9"))
    assert (missing["Status"], len(missing["Success"])) == ("Failure", 1)
    [failure] = missing["Failures"]
    assert (failure["SOPInstanceUID"], failure["FailureReason"]) == ("2.25.11.9", 0x0112)


def commitment_of(client: httpx.Client, *references: tuple[str, str]) -> dict[str, Any]:
    instances = [{"SOPClassUID": one[0], "SOPInstanceUID": one[1]} for one in references]
    asked = client.post("/modalities/pacs/storage-commitment", json={"DicomInstances": instances})
    path = asked.raise_for_status().json()["Path"]
    wait_for(lambda: client.get(path).json()["Status"] != "Pending")
    report: dict[str, Any] = client.get(path).json()
    return report
