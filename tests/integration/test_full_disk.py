"""The door on a disk that is truly full: a small file system of its own, in memory."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dicom_node.scp.room import free_bytes
from tests.neighbours.door import Door, data_set_of
from tests.neighbours.instance import PATIENT, new_instance
from tests.neighbours.peer import CT_IMAGE, Peer

pytestmark = pytest.mark.real_neighbours

DISK_BYTES = 24 << 20
KEEP_FREE_BYTES = 1_000_000
"""As the settings of the test's door have it."""
OUT_OF_RESOURCES = 0xA700
BACK_WITHIN_SECONDS = 5.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty file system of DISK_BYTES. Skipped where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
        subprocess.run(mounting, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a file system of its own needs mount, as root ({type(error).__name__})")
    yield folder
    subprocess.run(["umount", str(folder)], check=True, timeout=20)


@pytest.fixture(params=["streaming", "stock"])
def door(request: pytest.FixtureRequest, disk: Path) -> Iterator[Door]:
    door = Door(disk, receiver=request.param).start()
    yield door
    assert door.stop() == 0
    door.check_log(PATIENT.decode())


def store(door: Door, *, pixels: int) -> tuple[int, bool]:
    """The status of a new instance with so many bytes of pixels, and whether the door keeps it byte for byte."""
    instance = new_instance(pixels=os.urandom(pixels))
    with Peer(door.port, seconds=30) as peer:
        peer.associate()
        status = peer.store(CT_IMAGE, instance.sop_instance_uid, instance.data_set)
        peer.release()
    path = door.path(instance)
    return status, path.exists() and data_set_of(path) == instance.data_set


def fill(folder: Path, *, leave: int) -> Path:
    """A file that takes all room but ``leave`` bytes."""
    filler = folder / "filler"
    filler.write_bytes(bytes(free_bytes(folder) - leave))
    return filler


def unfinished(door: Door) -> list[Path]:
    return [path for path in (door.spool / "unfinished").iterdir() if path.stat().st_nlink == 1]


def test_below_keep_free_nothing_is_taken_and_soon_after_there_is_room_it_is_again(
    door: Door, disk: Path
) -> None:
    assert store(door, pixels=1000) == (0, True)
    filler = fill(disk, leave=KEEP_FREE_BYTES // 2)
    time.sleep(1.1)  # the door looks at the disk once a second
    assert store(door, pixels=1000) == (OUT_OF_RESOURCES, False)
    filler.unlink()
    until = time.monotonic() + BACK_WITHIN_SECONDS
    while (answer := store(door, pixels=1000)) != (0, True):
        assert answer == (OUT_OF_RESOURCES, False)
        assert time.monotonic() < until, "the door did not come back into service"
    assert len(door.kept()) == 2


def test_a_disk_that_fills_in_the_middle_of_an_instance_leaves_nothing_of_it(door: Door, disk: Path) -> None:
    assert store(door, pixels=1000) == (0, True)
    filler = fill(disk, leave=2 * KEEP_FREE_BYTES)
    time.sleep(1.1)
    assert store(door, pixels=4 * KEEP_FREE_BYTES) == (OUT_OF_RESOURCES, False)
    assert len(door.kept()) == 1 and unfinished(door) == []
    assert store(door, pixels=1000) == (0, True)
    filler.unlink()
    assert store(door, pixels=4 * KEEP_FREE_BYTES) == (0, True)
