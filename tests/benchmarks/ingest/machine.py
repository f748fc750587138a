"""The machine the figures are of: without it they say nothing."""

import os
import platform
import subprocess
from pathlib import Path


def machine(folder: Path) -> dict[str, str]:
    """Processor, cores, system, and what ``folder`` lies on."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "file system": file_system(folder),
    }


def file_system(folder: Path) -> str:
    """Its kind, as ``stat -f`` has it: ext2/ext3, xfs, tmpfs …"""
    asked = subprocess.run(
        ["stat", "--file-system", "--format=%T", str(folder)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
