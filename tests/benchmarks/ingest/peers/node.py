"""Our node's `receive` process with its ledger, as an admin runs it."""

import os
import sqlite3
import sys
from pathlib import Path

from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.peers.without_fsync import SWITCH
from tests.benchmarks.ingest.server import Missing, Server, StartFailed, count_files, start
from tests.neighbours.ports import free_port

NAME = "our node"
ASSOCIATIONS_PER_ADDRESS = 150  # all senders are on this machine: the case of 100 idle ones needs room
AS_SHIPPED = "default"
"""The receiver of a node whose settings name none."""


def node(receiver: str) -> Peer:
    """The node as it is, with ``[scp] receiver`` set so."""
    return Peer(
        name=node_name(receiver),
        how=f"receive, {_said(receiver)}; Success after file, folder and ledger are flushed",
        start=lambda folder: _start(folder, receiver, without_fsync=False),
    )


def node_without_fsync(receiver: str) -> Peer:
    """The node under the bench's own switch; the product has none."""
    return Peer(
        name=f"{node_name(receiver)} without fsync",
        how=f"receive, {_said(receiver)}; every flush made a no-op by the bench ({SWITCH}=1)",
        start=lambda folder: _start(folder, receiver, without_fsync=True),
    )


def node_name(receiver: str) -> str:
    """How the table calls it."""
    return NAME if receiver == AS_SHIPPED else f"{NAME}, {receiver}"


def _said(receiver: str) -> str:
    return "settings as shipped" if receiver == AS_SHIPPED else f'[scp] receiver = "{receiver}"'


def _start(folder: Path, receiver: str, *, without_fsync: bool) -> Server:
    port, settings = free_port(), folder / "settings.toml"
    settings.write_text(_settings(port, receiver))
    module = "tests.benchmarks.ingest.peers.without_fsync" if without_fsync else "dicom_node"
    try:
        return start(
            [sys.executable, "-m", module, "receive", "--settings", str(settings)],
            folder=folder,
            port=port,
            ae_title="DICOM_NODE",
            count_stored=lambda: count_kept(folder),
            environment=os.environ | ({SWITCH: "1"} if without_fsync else {}),
        )
    except StartFailed as error:
        if "[scp] receiver" in str(error):
            raise Missing(f'the settings of this node refuse [scp] receiver = "{receiver}"') from error
        raise


def _settings(port: int, receiver: str) -> str:
    named = "" if receiver == AS_SHIPPED else f'receiver = "{receiver}"\n'
    return (
        f"[scp]\nport = {port}\n{named}associations_per_address = {ASSOCIATIONS_PER_ADDRESS}\n"
        '[spool]\nurl = "spool"\n[ledger]\nurl = "sqlite:///ledger.sqlite3"\n'
    )


def count_kept(folder: Path) -> int:
    """What has both its file and its row."""
    rows = sqlite3.connect(f"file:{folder / 'ledger.sqlite3'}?mode=ro", uri=True)
    try:
        entered = int(rows.execute("SELECT count(*) FROM instance").fetchone()[0])
    finally:
        rows.close()
    return min(entered, count_files(folder / "spool" / "studies", "*.dcm")())
