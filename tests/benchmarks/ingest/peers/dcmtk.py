"""DCMTK's storescp."""

import shutil
from pathlib import Path

from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.server import Missing, Server, count_files, start
from tests.neighbours.ports import free_port

NAME = "DCMTK storescp"


def dcmtk() -> Peer:
    """A child process an association, because without it the second association waits for the first."""
    return Peer(name=NAME, how="storescp --fork, else as it comes; never flushes", start=_start)


def _start(folder: Path) -> Server:
    program = shutil.which("storescp")
    if program is None:
        raise Missing("DCMTK is not installed: apt-get install dcmtk")
    received, port = folder / "received", free_port()
    received.mkdir()
    return start(
        [program, "--fork", "--output-directory", str(received), str(port)],
        folder=folder,
        port=port,
        ae_title="STORESCP",
        count_stored=count_files(received),
    )
