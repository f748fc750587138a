"""The file system is called by its own name, as the kernel lists it."""

from pathlib import Path

import pytest

from tests.benchmarks.ingest.machine import file_system, kind_of_mount

MOUNTS = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /proc rw,relatime - proc proc rw
40 22 0:30 / /data rw,relatime shared:5 master:1 - ext4 /dev/vdb rw
41 40 0:31 / /data rw,relatime - xfs /dev/vdc rw
42 22 0:32 /sub /mnt/two\040words rw - btrfs /dev/vdd rw,subvol=/sub
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/tmp/bench", "ext4"),
        ("/", "ext4"),
        ("/proc/self", "proc"),
        ("/data/spool", "xfs"),  # mounted over another
        ("/database", "ext4"),  # begins alike, and is no part of it
        ("/mnt/two words/spool", "btrfs"),
    ],
)
def test_the_deepest_mount_above_a_path_counts(path, kind):
    assert kind_of_mount(Path(path), MOUNTS) == kind


def test_a_machine_that_lists_no_mount_is_unknown():
    assert kind_of_mount(Path("/tmp"), "") == "unknown"


def test_it_is_asked_of_this_machine():
    assert file_system(Path("/proc")) == "proc"
    assert file_system(Path("/")) not in ("", "unknown", "ext2/ext3")
