"""The machine the figures are of: without it they say nothing."""

import os
import platform
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
OCTAL = re.compile(r"\\([0-7]{3})")  # a space in a path is written \040 there


def machine(folder: Path) -> dict[str, str]:
    """Processor, cores, system, and what ``folder`` lies on."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "file system": file_system(folder),
    }


def file_system(folder: Path) -> str:
    """Its kind: ext4, xfs, tmpfs … (``stat -f`` calls every ext "ext2/ext3": they share a magic number)."""
    return kind_of_mount(folder.resolve(), MOUNTS.read_text())


def kind_of_mount(path: Path, mounts: str) -> str:
    """The file system of an absolute ``path`` by the lines of ``mounts``, as in proc(5), mountinfo.

    The deepest mount point above it counts, and of several on one point the last: it lies over the others.
    """
    deepest, kind = -1, "unknown"
    for line in mounts.splitlines():
        fields = line.split()
        point = Path(OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), fields[fields.index("-") + 1]
    return kind


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
