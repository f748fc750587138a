"""What a server and its children have used, from /proc (Linux, proc(5))."""

import os
from contextlib import suppress
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """User and system time of ``pid``, its threads, and its children, living or waited for."""
    return sum(_ticks(each) for each in _tree(pid)) / TICKS_PER_SECOND


def resident_bytes(pid: int) -> dict[int, int]:
    """What each process of the tree holds in memory now."""
    return {each: _status_bytes(each, "VmRSS") for each in _tree(pid)}


def peak_bytes(pid: int) -> dict[int, int]:
    """The most that each process of the tree has held since ``forget_peak``."""
    return {each: _status_bytes(each, "VmHWM") for each in _tree(pid)}


def forget_peak(pid: int) -> None:
    """Set the peak of every process of the tree back to what it holds now."""
    for each in _tree(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            (PROC / str(each) / "clear_refs").write_text("5")


def _tree(pid: int) -> list[int]:
    parents = {int(each.name): _parent(int(each.name)) for each in PROC.iterdir() if each.name.isdecimal()}
    tree = [pid]
    for parent in tree:  # grows while it is read
        tree += [child for child, its_parent in parents.items() if its_parent == parent]
    return tree


def _parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) if fields else 0  # utime, stime, cutime, cstime


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces; nothing when the process has gone meanwhile."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _status_bytes(pid: int, key: str) -> int:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = next((line for line in lines if line.startswith(f"{key}:")), f"{key}: 0 kB")  # a zombie has none
    return int(found.split()[1]) * 1024
