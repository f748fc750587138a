"""The stand-in PACS as a process of its own: it says where it listens, and runs until SIGTERM or Ctrl-C."""

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from dicom_node.demo.pacs.server import StandInPacs


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it; the only line on standard output is its address."""
    options = _parse(arguments)
    pacs = StandInPacs(
        folder=options.folder,
        ae_title=options.ae_title,
        host=options.host,
        port=options.port,
        commitment_peers=dict(options.commitment_peer),
    )
    ended = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: ended.set())
    pacs.start()
    print(f"stand-in PACS listens at dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}", flush=True)
    ended.wait()
    pacs.stop()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dicom_node.demo.pacs", description="A PACS for the rehearsal.")
    parser.add_argument("--folder", type=Path, required=True, help="where the instances are kept")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen at (default: a free one)")
    parser.add_argument("--ae-title", default="STANDINPACS", help="its AE title (default: %(default)s)")
    parser.add_argument(
        "--commitment-peer",
        type=_commitment_peer,
        action="append",
        default=[],
        metavar="AE@HOST:PORT",
        help="where a requester of storage commitment gets its report; may be repeated",
    )
    return parser.parse_args(arguments)


def _commitment_peer(text: str) -> tuple[str, tuple[str, int]]:
    ae_title, at, address = text.partition("@")
    host, colon, port = address.rpartition(":")
    if not (ae_title and at and host and colon and port.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not AE@HOST:PORT")
    return ae_title, (host, int(port))


if __name__ == "__main__":
    main()
