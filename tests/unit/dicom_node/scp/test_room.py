from pathlib import Path

import pytest

from dicom_node.scp import room
from dicom_node.scp.room import Room, free_bytes


class Disk:
    """A clock and a disk to be turned by hand."""

    def __init__(self, free: int) -> None:
        self.now = 0.0
        self.free = free
        self.looks = 0

    def look(self, _folder: Path) -> int:
        self.looks += 1
        return self.free


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk(free=1001)
    monkeypatch.setattr(room, "free_bytes", made.look)
    return made


def test_there_is_room_while_more_is_free_than_is_to_be_kept(disk: Disk, tmp_path: Path) -> None:
    asked = Room(tmp_path, keep_free_bytes=1000, clock=lambda: disk.now)
    assert asked.is_left()
    disk.free, disk.now = 1000, 1.0
    assert not asked.is_left()


def test_room_that_returns_is_seen_within_a_second(disk: Disk, tmp_path: Path) -> None:
    disk.free = 0
    asked = Room(tmp_path, keep_free_bytes=1000, clock=lambda: disk.now)
    assert not asked.is_left()
    disk.free, disk.now = 5000, 0.9
    assert not asked.is_left()
    disk.now = 1.0
    assert asked.is_left()


def test_the_disk_is_looked_at_once_a_second_however_many_instances_come(disk: Disk, tmp_path: Path) -> None:
    asked = Room(tmp_path, keep_free_bytes=1000, clock=lambda: disk.now)
    for _ in range(1000):
        asked.is_left()
    assert disk.looks == 1


def test_a_real_disk_has_bytes_free(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
