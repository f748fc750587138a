import socket
import struct
import threading
import time
from types import SimpleNamespace

import pytest

from dicom_node.scp.upper_layer.connection import BoundedSocket, PeerRefused
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.pdu_reader import LARGEST_OTHER_PDU_BYTES


@pytest.fixture
def peer():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def _bounded(connection, *, is_established=False, **limits):
    association = SimpleNamespace(
        is_established=is_established, dul=SimpleNamespace(event_queue=SimpleNamespace(put=lambda _: None))
    )
    made = Limits(**limits)
    return BoundedSocket(association, connection, made, time.monotonic() + made.request_seconds)


def test_gives_exactly_what_was_asked_for(peer):
    peer[1].sendall(b"0123456789")
    bounded = _bounded(peer[0])
    assert bounded.recv(6) == b"012345"
    assert bounded.recv(4) == b"6789"


def test_puts_together_what_comes_in_pieces(peer):
    threading.Thread(target=lambda: [(peer[1].send(b"ab"), time.sleep(0.02)) for _ in range(3)]).start()
    assert _bounded(peer[0]).recv(6) == b"ababab"


def test_gives_what_there_is_when_the_peer_closed(peer):
    peer[1].sendall(b"abc")
    peer[1].close()
    assert _bounded(peer[0]).recv(6) == b"abc"


def test_more_than_such_a_pdu_holds_is_refused_before_a_byte_is_read(peer):
    peer[1].sendall(b"abc")
    with pytest.raises(PeerRefused, match=f"a PDU of {LARGEST_OTHER_PDU_BYTES + 1} bytes"):
        _bounded(peer[0]).recv(LARGEST_OTHER_PDU_BYTES + 1)
    assert peer[0].recv(10) == b"abc"


def test_the_deadline_is_for_the_whole_request_and_not_for_each_byte(peer):
    stop = threading.Event()

    def drip():
        while not stop.wait(0.03):
            peer[1].send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    bounded = _bounded(peer[0], request_seconds=0.2)
    begun = time.monotonic()
    try:
        with pytest.raises(OSError):
            bounded.recv(6)
            bounded.recv(1000)
        assert 0.1 < time.monotonic() - begun < 0.6
    finally:
        stop.set()
        thread.join()


def test_a_silent_peer_is_not_waited_for_beyond_the_deadline(peer):
    begun = time.monotonic()
    with pytest.raises(OSError):
        _bounded(peer[0], request_seconds=0.1).recv(6)
    assert time.monotonic() - begun < 0.5


def test_once_established_each_read_has_its_own_deadline(peer):
    bounded = _bounded(peer[0], is_established=True, request_seconds=0.01, pdu_seconds=5)
    time.sleep(0.05)
    peer[1].sendall(b"abc")
    assert bounded.recv(3) == b"abc"


def test_closing_gives_the_descriptor_back_although_the_peer_was_gone_first():
    """As after a reset, which is how many a TLS peer ends: shutting down what is not connected is an error."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    bounded = _bounded(ours)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    theirs.close()
    with pytest.raises(ConnectionResetError):
        bounded.recv(1)
    bounded.close()
    bounded.close()
    assert ours.fileno() == -1
    assert bounded.socket is None


def test_a_refusal_is_the_kind_of_error_pynetdicom_closes_on():
    assert issubclass(PeerRefused, OSError)
