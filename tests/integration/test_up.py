"""`dicom-node up`: one at a time on a ledger, and when it is killed nothing is left running and nothing lost."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dicom_node.demo.pacs.server import StandInPacs
from tests.neighbours.chest import real_chest_x_ray, with_new_uids, write
from tests.neighbours.node import Node

ENDED_WITHIN_SECONDS = 15.0


@pytest.fixture
def started(tmp_path: Path, pacs: StandInPacs) -> Iterator[Node]:
    url = f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}"
    running = Node(tmp_path / "node", destinations={"pacs": url}).start()
    yield running
    assert running.stop() == 0, running.log()
    assert running.pids() == []


def test_a_second_one_is_refused_and_the_first_goes_on(started: Node, tmp_path: Path) -> None:
    there = set(started.pids())

    second = subprocess.run(
        [sys.executable, "-m", "dicom_node", "up", "--settings", str(started.settings_file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 1
    assert second.stderr == "Error: another `dicom-node up` runs with these settings; end it first\n"
    assert second.stdout == ""
    assert set(started.pids()) == there
    source = with_new_uids(real_chest_x_ray())
    assert started.store(write(source, tmp_path)).returncode == 0
    study = started.wait_for_study(source.StudyInstanceUID, lambda study: study["state"] == "finished")
    assert study["analyses"][0]["state"] == "succeeded"


def test_killed_it_takes_its_processes_along_and_a_fresh_start_finishes_what_was_received(
    started: Node, pacs: StandInPacs, tmp_path: Path
) -> None:
    source = with_new_uids(real_chest_x_ray())
    assert started.store(write(source, tmp_path)).returncode == 0
    assert len(started.pids()) >= 5

    started.kill()
    killed_at = time.monotonic()

    while started.pids():
        assert time.monotonic() - killed_at < ENDED_WITHIN_SECONDS, f"still running: {started.pids()}"
        time.sleep(0.1)
    waiting = started.study(source.StudyInstanceUID)
    assert waiting["state"] in ("receiving", "complete", "routed")
    started.start()
    study = started.wait_for_study(
        source.StudyInstanceUID, lambda study: study["state"] == "finished", seconds=90
    )
    assert [each["state"] for each in study["analyses"]] == ["succeeded"]
    assert len(pacs.instances(source.StudyInstanceUID)) == 2
