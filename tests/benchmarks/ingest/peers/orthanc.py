"""Orthanc without plugins."""

import json
import shutil
import urllib.request
from pathlib import Path

from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.server import Missing, Server, start
from tests.neighbours.ports import free_port, wait_for_port

NAME = "Orthanc"


def orthanc() -> Peer:
    """SyncStorageArea flushes each file; its default is true since 1.7.4, according to its configuration's comments.

    strace shows one fdatasync an instance, and one more for some sixteen of them: its SQLite index is not flushed
    at each commit.
    """
    return Peer(
        name=NAME,
        how="no plugins; SyncStorageArea true (its default): flushes each file, not its folder nor each commit",
        start=_start,
    )


def _start(folder: Path) -> Server:
    program = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise Missing("Orthanc is not installed: apt-get install orthanc")
    port, http = free_port(), free_port()
    configuration = folder / "orthanc.json"
    configuration.write_text(json.dumps(_configuration(folder, port, http)))
    server = start(
        [program, str(configuration)],
        folder=folder,
        port=port,
        ae_title="ORTHANC",
        count_stored=lambda: _count(http),
    )
    wait_for_port(http)
    return server


def _configuration(folder: Path, port: int, http: int) -> dict[str, object]:
    return {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "SyncStorageArea": True,
        "DicomAet": "ORTHANC",
        "DicomPort": port,
        "HttpPort": http,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAlwaysAllowStore": True,
        "Plugins": [],
    }


def _count(http: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{http}/statistics", timeout=10) as answer:
        return int(json.load(answer)["CountInstances"])
