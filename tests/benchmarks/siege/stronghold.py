"""The node under siege: its `receive` process with its ledger, and the settings of an admin who knows its callers."""

import sys
from pathlib import Path

from tests.benchmarks.ingest.peers.node import count_kept
from tests.benchmarks.ingest.server import Server, start
from tests.benchmarks.siege.callers import settings
from tests.benchmarks.siege.scale import Scale
from tests.neighbours.ports import free_port


def start_stronghold(folder: Path, scale: Scale) -> Server:
    """Start it in ``folder``. Raises StartFailed."""
    port, file = free_port(), folder / "settings.toml"
    file.write_text(settings(port, scale))
    return start(
        [sys.executable, "-m", "dicom_node", "receive", "--settings", str(file)],
        folder=folder,
        port=port,
        ae_title="DICOM_NODE",
        count_stored=lambda: count_kept(folder),
    )


def path_of(folder: Path, *, study: str, series: str, sop: str) -> Path:
    """Where it keeps an instance."""
    return folder / "spool" / "studies" / study / series / f"{sop}.dcm"
