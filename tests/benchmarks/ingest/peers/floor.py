"""The floor: a receive loop in C that does the least that can be called receiving, compiled when needed."""

import shutil
import subprocess
from pathlib import Path

from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.server import Missing, Server, StartFailed, count_files, start
from tests.neighbours.ports import free_port

NAME = "C receive loop"
SOURCE = Path(__file__).with_name("receive_loop.c")


def floor() -> Peer:
    """No negotiation, no header, no name from the instance, no flush: what is left is the kernel's work."""
    return Peer(
        name=NAME,
        how="socket to file and the answer, nothing else; compiled here; never flushes",
        start=_start,
        negotiates=False,
    )


def _start(folder: Path) -> Server:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise Missing("there is no C compiler to build it with: apt-get install gcc libc6-dev")
    program, received, port = folder / "receive_loop", folder / "received", free_port()
    built = subprocess.run(
        [compiler, "-O2", "-o", str(program), str(SOURCE)], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        raise StartFailed(f"it does not compile: {built.stderr.strip()[-500:]}")
    received.mkdir()
    return start(
        [str(program), str(port), str(received)],
        folder=folder,
        port=port,
        ae_title="FLOOR",
        count_stored=count_files(received),
    )
