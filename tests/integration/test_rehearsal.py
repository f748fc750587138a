"""`dicom-node demo`, as a newcomer runs it: it ends well only if all held, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import ComprehensiveSRStorage, SegmentationStorage

import inference
from dicom_node.process import end_with_parent
from inference.package.manifest import read_manifest
from tests.neighbours.chest import real_chest_x_ray
from tests.neighbours.processes import pids_with_word

MODELS = Path(inference.__file__).parent / "models"
STATIONS = (
    "stand-in PACS",
    "node ready",
    "sent",
    "study.opened",
    "study.complete",
    "study.routed",
    "analysis.started",
    "analysis.succeeded",
    "result.delivered",
    "last to PACS",
    "asked by C-FIND",
    "read again",
)


def start(folder: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The demo in ``folder``, with its results in ``folder``/out."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DICOM_NODE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "dicom_node", "demo", "--out", str(folder / "out"), *words],
        cwd=folder,
        env=clean | environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,
    )


def models_for_radiographs() -> set[str]:
    """The names of the packages that ship and ask for radiographs of the chest."""
    manifests = [read_manifest(path.parent) for path in sorted(MODELS.glob("*/model.toml"))]
    names = {each.model.name for each in manifests if "DX" in each.input.rules["Modality"]}
    assert len(names) >= 4
    return names


def until(holds: Callable[[], object], *, seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def test_it_ends_well_and_leaves_picture_and_results_and_no_process(tmp_path: Path) -> None:
    source = real_chest_x_ray()

    demo = start(tmp_path, "--once")
    said, complaints = demo.communicate(timeout=200)

    assert (demo.returncode, complaints) == (0, ""), said + complaints
    places = [said.find(f" s  {station}") for station in STATIONS]
    assert -1 not in places and places == sorted(places), said
    assert str(source.PatientName) not in said and str(source.PatientID) not in said
    (folder,) = (tmp_path / "out").iterdir()
    with Image.open(folder / "overlay.png") as picture:
        assert max(picture.size) == 1000
    results = [dcmread(path) for path in (folder / "pacs").rglob("*.dcm")]
    assert {each.SOPClassUID for each in results} == {SegmentationStorage, ComprehensiveSRStorage}
    assert {each.StudyInstanceUID for each in results} == {source.StudyInstanceUID}
    assert {each.ManufacturerModelName for each in results} == models_for_radiographs()
    for path in (folder / "overlay.png", folder / "pacs", folder / "node.log"):
        assert str(path) in said
    assert pids_with_word(str(tmp_path)) == []


def test_a_package_that_is_none_is_said_at_once_and_nothing_is_started(tmp_path: Path) -> None:
    began = time.monotonic()

    demo = start(tmp_path, "--once", DICOM_NODE_INFERENCE__PACKAGES='["/nope"]')
    said, complaints = demo.communicate(timeout=60)

    assert demo.returncode == 1
    assert complaints == "Error: /nope is not a folder; correct [inference] packages\n"
    assert said == ""
    assert not (tmp_path / "out").exists()
    assert time.monotonic() - began < 30  # importing is all it does


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name
)
def test_however_it_is_ended_the_node_it_started_ends_with_it(tmp_path: Path, number: signal.Signals) -> None:
    demo = start(tmp_path, "--once")
    try:
        settings = str(tmp_path / "out")

        def node_runs() -> bool:  # `up` itself, and those it has started by now
            assert demo.poll() is None, demo.communicate()
            return len([pid for pid in pids_with_word(settings) if pid != demo.pid]) >= 4

        until(node_runs, seconds=60, otherwise="the node did not start")
        demo.send_signal(number)
        demo.wait(60)
        until(lambda: not pids_with_word(settings), seconds=30, otherwise="processes of the node are left")
        assert demo.returncode != 0
    finally:
        demo.kill()
        demo.communicate()
