"""The stall-free sender believes a Success and nothing else."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.instance import SMALL, Uids, data_set
from tests.benchmarks.ingest.stall_free import Association, SendFailed, store_series

REJECTED = pdu._pdu(pdu.ASSOCIATE_RJ, bytes([0, 1, 1, 1]))
ABORTED = pdu._pdu(pdu.ABORT, bytes([0, 0, 2, 0]))
RELEASED = pdu._pdu(pdu.RELEASE_RP, bytes(4))
ACCEPTED = pdu._pdu(
    pdu.ASSOCIATE_AC,
    bytes(68)
    + pdu._item(0x21, bytes([1, 0, 0, 0]) + pdu._item(0x40, b"1.2.840.10008.1.2.1"))
    + pdu._item(0x50, pdu._item(0x51, struct.pack(">I", 4096))),
)


def _answer(status: int, *, to: int = 1) -> bytes:
    command = pdu._command(
        (0x0100, struct.pack("<H", 0x8001)),
        (0x0120, struct.pack("<H", to)),
        (0x0900, struct.pack("<H", status)),
    )
    return b"".join(pdu._p_data(command, pdu.COMMAND, 20))  # in several PDUs: a receiver may


def _read(peer: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        part = peer.recv(length - len(content))
        if not part:
            raise EOFError
        content += part
    return content


def _request(peer: socket.socket) -> int:
    """Read one request: one PDU, or all of a C-STORE; returns the type of its last PDU."""
    while True:
        kind, _, length = struct.unpack(">BBI", _read(peer, 6))
        body = _read(peer, length)
        if kind != pdu.P_DATA or body[5] == pdu.LAST:
            return int(kind)


@contextmanager
def _receiver(*answers: bytes) -> Iterator[int]:
    """Answers its requests with these in turn, then closes; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            peer, _ = door.accept()
            with peer:
                for answer in answers:
                    _request(peer)
                    peer.sendall(answer)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield door.getsockname()[1]
        serving.join(5)


def _open(port: int) -> Association:
    return Association(port, called_ae_title="RECEIVER", timeout_seconds=5)


def test_instances_are_stored_one_after_the_other_and_released():
    with (
        _receiver(ACCEPTED, _answer(0), _answer(0), RELEASED) as port,
        _open(port) as association,
    ):
        prepared = association.prepare(data_set(SMALL))
        seconds = store_series(association, prepared, Uids(), instances=2)
    assert len(seconds) == 2
    assert all(0 < each < 5 for each in seconds)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_answer(0xA700), "status 42752"),
        (_answer(0xB000), "status"),
        (_answer(0, to=2), "status"),
        (ABORTED, "A-ABORT"),
        (b"", "closed the connection"),
    ],
)
def test_anything_but_success_is_a_failure(answer, said):
    with (
        _receiver(ACCEPTED, answer) as port,
        pytest.raises(SendFailed, match=said),
        _open(port) as association,
    ):
        association.store(association.prepare(data_set(SMALL)))


def test_a_rejected_association_is_told():
    with _receiver(REJECTED) as port, pytest.raises(SendFailed, match="A-ASSOCIATE-RJ"):
        _open(port)


def test_a_receiver_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(SendFailed, match="no connection"):
        _open(port)
