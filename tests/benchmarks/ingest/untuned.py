"""The untuned sender: DCMTK's storescu as it comes, all instances on one association."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.benchmarks.ingest.stall_free import CALLING_AE_TITLE, SendFailed

# DCMTK reads these; a machine that sets them has a tuned storescu.
TUNING = ("TCP_NODELAY", "TCP_BUFFER_LENGTH")
TIMEOUT_SECONDS = 300


def is_installed() -> bool:
    """Whether there is a storescu."""
    return shutil.which("storescu") is not None


def storescu(port: int, files: list[Path], *, called_ae_title: str) -> float:
    """Send ``files``; returns the seconds from its start to its end. Raises SendFailed when it reports a fault."""
    ae_titles = ["-aet", CALLING_AE_TITLE, "-aec", called_ae_title]
    began = time.perf_counter()
    try:
        ended = subprocess.run(
            ["storescu", *ae_titles, "127.0.0.1", str(port), *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
            env={name: value for name, value in os.environ.items() if name not in TUNING},
        )
    except subprocess.TimeoutExpired as error:
        raise SendFailed(f"storescu did not end within {TIMEOUT_SECONDS} s") from error
    seconds = time.perf_counter() - began
    if ended.returncode != 0:
        raise SendFailed(f"storescu: {ended.stderr.strip()[-300:]}")
    return seconds
