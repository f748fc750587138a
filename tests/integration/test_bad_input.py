"""What goes wrong in a hospital: the study is never lost, its reason is to be read, and it goes on."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from dicom_node.demo.pacs.server import StandInPacs
from dicom_node.ledger import Ledger, processes, report
from dicom_node.settings import load_settings
from tests.neighbours.chest import real_chest_x_ray, with_new_uids, write
from tests.neighbours.node import Node
from tests.neighbours.orthanc import Orthanc
from tests.neighbours.ports import free_port, wait_for_port
from tests.neighbours.programs import program


def is_finished(study: dict[str, Any]) -> bool:
    return bool(study["state"] == "finished")


def delivery_error(study: dict[str, Any]) -> str:
    rows = [row for analysis in study["analyses"] for row in analysis["results"]]
    return str(rows[0]["delivery_error"]) if rows else ""


@pytest.fixture
def node_with_pacs(tmp_path: Path, pacs: StandInPacs) -> Iterator[Node]:
    url = f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}"
    running = Node(tmp_path / "node", destinations={"pacs": url}).start()
    yield running
    running.stop()


def test_a_file_the_model_was_not_made_for(node: Node, tmp_path: Path) -> None:
    ct = with_new_uids(dcmread(str(get_testdata_file("CT_small.dcm", download=False))))

    assert node.store(write(ct, tmp_path)).returncode == 0
    study = node.wait_for_study(ct.StudyInstanceUID, is_finished)

    assert study["analyses"] == []
    (declined,) = study["declined"]
    assert declined["model"] == "cxr_lungs"
    assert declined["reason"] == "Modality is CT, but must be one of CR, DX"


def test_a_corrupt_instance_fails_with_its_reason_and_the_next_one_goes(node: Node, tmp_path: Path) -> None:
    corrupt = with_new_uids(real_chest_x_ray())
    corrupt.PixelData = corrupt.PixelData[:1000]
    sound = with_new_uids(real_chest_x_ray())

    assert node.store(write(corrupt, tmp_path, "corrupt.dcm")).returncode == 0
    assert node.store(write(sound, tmp_path, "sound.dcm")).returncode == 0
    failed = node.wait_for_study(corrupt.StudyInstanceUID, is_finished)
    succeeded = node.wait_for_study(sound.StudyInstanceUID, is_finished)

    (analysis,) = failed["analyses"]
    assert (analysis["state"], analysis["attempts"]) == ("failed", 1)
    assert "pixel" in analysis["error"].lower()
    assert str(corrupt.PatientName) not in node.log()
    assert succeeded["analyses"][0]["state"] == "succeeded"


def test_what_is_no_instance_is_not_answered_with_success(node: Node, tmp_path: Path) -> None:
    nameless = with_new_uids(real_chest_x_ray())
    del nameless.StudyInstanceUID

    said = node.store(write(nameless, tmp_path))

    assert "Success" not in said.stderr + said.stdout
    assert "Error: CannotUnderstand" in said.stderr + said.stdout  # DCMTK's word for 0xC000


def test_a_pacs_that_refuses_and_then_is_away(
    node_with_pacs: Node, pacs: StandInPacs, tmp_path: Path
) -> None:
    refused, away = with_new_uids(real_chest_x_ray()), with_new_uids(real_chest_x_ray())

    pacs.refuse_with = 0xA700
    node_with_pacs.store(write(refused, tmp_path, "refused.dcm"))
    waiting = node_with_pacs.wait_for_study(
        refused.StudyInstanceUID, lambda study: "A700" in delivery_error(study)
    )
    assert waiting["state"] == "routed"
    pacs.refuse_with = None
    node_with_pacs.wait_for_study(refused.StudyInstanceUID, is_finished)
    assert len(pacs.instances(refused.StudyInstanceUID)) == 2

    pacs.stop()
    node_with_pacs.store(write(away, tmp_path, "away.dcm"))
    node_with_pacs.wait_for_study(
        away.StudyInstanceUID, lambda study: "does not answer" in delivery_error(study)
    )
    pacs.start()
    node_with_pacs.wait_for_study(away.StudyInstanceUID, is_finished)
    assert len(pacs.instances(away.StudyInstanceUID)) == 2


def test_a_destination_whose_host_is_not_found_keeps_no_other_waiting(
    tmp_path: Path, pacs: StandInPacs
) -> None:
    """One typing error in one URL: the others are served, and the one is named."""
    urls = {
        "good": f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}",
        "lost": "dicom://X@no-such-host.invalid:104",  # never to be found (RFC 6761)
    }
    node = Node(tmp_path / "node", destinations=urls).start()
    try:
        source = with_new_uids(real_chest_x_ray())
        assert node.store(write(source, tmp_path)).returncode == 0
        study = node.wait_for_study(
            source.StudyInstanceUID,
            lambda study: (
                by_destination(study, "good", "delivery_state") == ["delivered"] * 2
                and all(by_destination(study, "lost", "delivery_error"))
            ),
        )
        assert len(pacs.instances(source.StudyInstanceUID)) == 2
        assert by_destination(study, "lost", "delivery_state") in (["owed"] * 2, ["sending"] * 2)
        for reason in by_destination(study, "lost", "delivery_error"):
            assert reason.startswith("no-such-host.invalid cannot be found: ")
        checked = subprocess.run(
            [sys.executable, "-m", "dicom_node", "check", "--settings", str(node.settings_file)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert checked.returncode == 1
        assert "NO  destination lost: no-such-host.invalid cannot be found: " in checked.stdout
        assert "ok  destination good: " in checked.stdout
        assert "Traceback" not in checked.stdout + checked.stderr + node.log()
    finally:
        assert node.stop() == 0


def test_a_broker_that_dies(tmp_path: Path, orthanc: Orthanc) -> None:
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_for_port(port)
    url = f"redis://127.0.0.1:{port}/0"
    node = Node(tmp_path / "node", destinations={"orthanc": orthanc.url}, queue_url=url).start()
    try:
        redis.kill()
        redis.wait()
        source = with_new_uids(real_chest_x_ray())
        assert node.store(write(source, tmp_path)).returncode == 0
        node.wait_for_study(source.StudyInstanceUID, lambda study: bool(study["analyses"]))
        time.sleep(2)
        (analysis,) = node.study(source.StudyInstanceUID)["analyses"]
        assert (analysis["state"], analysis["attempts"]) == ("queued", 0)
        assert analysis["error"].startswith("waits: Redis does not answer")
        assert "Redis does not answer" in node.log()

        redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        study = node.wait_for_study(source.StudyInstanceUID, is_finished, seconds=90)
        assert study["analyses"][0]["error"] is None
        assert len(orthanc.instances(source.StudyInstanceUID)) == 2
    finally:
        node.stop()
        redis.kill()
        redis.wait()


def test_a_worker_killed_in_the_middle(node_with_pacs: Node, pacs: StandInPacs, tmp_path: Path) -> None:
    source = with_new_uids(real_chest_x_ray())
    node_with_pacs.store(write(source, tmp_path))

    os.kill(worker_of_running_analysis(node_with_pacs, source.StudyInstanceUID), signal.SIGKILL)

    study = node_with_pacs.wait_for_study(source.StudyInstanceUID, is_finished, seconds=90)
    (analysis,) = study["analyses"]
    assert (analysis["state"], analysis["attempts"]) == ("succeeded", 2)
    assert len(analysis["results"]) == 2
    assert len(pacs.instances(source.StudyInstanceUID)) == 2


@pytest.mark.parametrize("kind", ["receive", "steward"])
def test_a_process_killed_is_started_again(node: Node, tmp_path: Path, kind: str) -> None:
    node.kill_process(kind)
    source = with_new_uids(real_chest_x_ray())
    file = write(source, tmp_path)

    deadline = time.monotonic() + 30
    while node.store(file).returncode != 0:
        assert time.monotonic() < deadline, "the door did not open again"
        time.sleep(0.2)

    assert node.wait_for_study(source.StudyInstanceUID, is_finished)["analyses"][0]["state"] == "succeeded"


def test_a_dashboard_killed_answers_again(node: Node) -> None:
    wait_until_healthy(node)
    before = pid_of(node, "dashboard")

    node.kill_process("dashboard")

    wait_until_healthy(node)
    assert pid_of(node, "dashboard") != before


def by_destination(study: dict[str, Any], destination: str, key: str) -> list[Any]:
    rows = [row for analysis in study["analyses"] for row in analysis["results"]]
    return [row[key] for row in rows if row["destination"] == destination]


def pid_of(node: Node, kind: str) -> int:
    """The process of this kind that beat last: a killed one stays listed until it has been silent for a while."""
    beats = [each for each in node.ask("status")["processes"] if each["kind"] == kind]
    newest = max(beats, key=lambda each: str(each["started_at"]))
    return int(newest["process"].rpartition(":")[2].partition("@")[0])


def wait_until_healthy(node: Node, *, seconds: float = 30.0) -> None:
    """Return when /healthz answers 200."""
    deadline = time.monotonic() + seconds
    answered = "nothing"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{node.dashboard_port}/healthz", timeout=5) as got:
                assert (got.status, json.load(got)["status"]) == (200, "ok")
                return
        except OSError as error:  # it does not listen yet, or answers 503
            answered = str(error)
        time.sleep(0.2)
    raise TimeoutError(f"/healthz answered {answered} for {seconds:g} s; its log:\n{node.log()[-3000:]}")


def worker_of_running_analysis(node: Node, study_instance_uid: str) -> int:
    """The process id of the worker, at the moment it has the analysis in hand. Looks every 5 ms."""
    ledger = Ledger(load_settings(node.settings_file, environ={}).ledger.url)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with ledger.snapshot() as tx:
            studies = report.studies(tx, study_instance_uid=study_instance_uid)
            workers = [each for each in processes.alive(tx, now=time.time()) if each.kind == "work"]
        if studies and studies[0].analyses and studies[0].analyses[0].state == "running":
            return int(workers[0].process.rpartition(":")[2].partition("@")[0])
        time.sleep(0.005)
    raise TimeoutError("the analysis was never seen running")
