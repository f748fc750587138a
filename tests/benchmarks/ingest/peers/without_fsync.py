"""dicom-node with every flush made a no-op: how fast is it where it promises as little as others do?

A switch of the bench, not of the product. Run as ``DICOM_NODE_BENCH_WITHOUT_FSYNC=1 python -m … receive …``.
"""

import os
import sys
from typing import Any

SWITCH = "DICOM_NODE_BENCH_WITHOUT_FSYNC"


def main() -> None:
    if os.environ.get(SWITCH) != "1":
        sys.exit(f"without {SWITCH}=1 this does nothing: run dicom-node itself")
    _flush_no_file()
    _flush_no_ledger()
    from dicom_node.cli import main as dicom_node

    dicom_node(prog_name="dicom-node")


def _flush_no_file() -> None:
    for name in ("fsync", "fdatasync"):
        setattr(os, name, lambda _file: None)


def _flush_no_ledger() -> None:
    """SQLite flushes in C. Each of its connections is told not to, after the node told it to."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    @event.listens_for(Pool, "checkout")
    def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if not record.info.get(SWITCH):
            connection.execute("PRAGMA synchronous=OFF")
            record.info[SWITCH] = True


if __name__ == "__main__":
    main()
