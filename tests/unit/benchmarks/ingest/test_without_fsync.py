"""The bench's switch takes every flush away, and only where it is asked to."""

import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.ingest.peers.without_fsync import SWITCH

ROOT = Path(__file__).parents[4]
MODULE = "tests.benchmarks.ingest.peers.without_fsync"


def _run(*words, **environment):
    known = {name: value for name, value in os.environ.items() if name != SWITCH}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_the_switch_it_refuses():
    ended = _run("-m", MODULE, "--version")
    assert ended.returncode == 1
    assert SWITCH in ended.stderr


def test_with_it_the_node_runs():
    ended = _run("-m", MODULE, "--version", **{SWITCH: "1"})
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("dicom-node")


def test_neither_files_nor_the_ledger_are_flushed(tmp_path):
    program = (
        "import os\n"
        f"from {MODULE} import _flush_no_file, _flush_no_ledger\n"
        "_flush_no_file(); _flush_no_ledger()\n"
        "from dicom_node.ledger import Ledger\n"
        f"ledger = Ledger('sqlite:///{tmp_path / 'ledger.sqlite3'}')\n"
        "with ledger.transaction() as tx: written = tx.exec_driver_sql('PRAGMA synchronous').scalar()\n"
        "with ledger.snapshot() as tx: read = tx.exec_driver_sql('PRAGMA synchronous').scalar()\n"
        "os.fsync(-1); os.fdatasync(-1)\n"
        "print(written, read)\n"
    )
    ended = _run("-c", program)
    assert ended.stdout.split() == ["0", "0"], ended.stderr
