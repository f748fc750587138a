"""pynetdicom as its documentation has one write an SCP: a handler that writes each instance to a file.

Run as a program (``python -m … FOLDER PORT``) it is that SCP.
"""

import sys
from pathlib import Path
from typing import Any

from pynetdicom import AE, AllStoragePresentationContexts, evt

from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.server import Server, count_files, start
from tests.neighbours.ports import free_port

NAME = "stock pynetdicom"
ASSOCIATIONS_AT_MOST = 200  # its default of 10 would refuse most of the idle ones


def stock_pynetdicom() -> Peer:
    """Without flushing, and with room for the case of 100 idle associations."""
    return Peer(
        name=NAME,
        how=f"AE.start_server with {ASSOCIATIONS_AT_MOST} associations at most; never flushes",
        start=_start,
    )


def _start(folder: Path) -> Server:
    received, port = folder / "received", free_port()
    received.mkdir()
    return start(
        [sys.executable, "-m", "tests.benchmarks.ingest.peers.stock_pynetdicom", str(received), str(port)],
        folder=folder,
        port=port,
        ae_title="STOCK",
        count_stored=count_files(received),
    )


def _serve(folder: Path, port: int) -> None:
    def on_c_store(event: Any) -> int:
        path = folder / f"{event.request.AffectedSOPInstanceUID}.dcm"
        path.write_bytes(event.encoded_dataset(include_meta=True))
        return 0x0000

    entity = AE(ae_title="STOCK")
    entity.supported_contexts = AllStoragePresentationContexts
    entity.maximum_associations = ASSOCIATIONS_AT_MOST
    entity.start_server(("127.0.0.1", port), evt_handlers=[(evt.EVT_C_STORE, on_c_store)])


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
