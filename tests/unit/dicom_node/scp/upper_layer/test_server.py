import ssl
import time

import pytest

from dicom_node.scp.admission import Caller, local_limit_exceeded
from dicom_node.scp.upper_layer.association import StreamingRequestHandler
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.server import StreamingServer
from tests.unit.dicom_node.given import CR_IMAGE
from tests.unit.dicom_node.scp.upper_layer.conftest import wait_until
from tests.unit.dicom_node.scp.upper_layer.pdus import associate_rq


def test_it_is_made_by_pynetdicom_with_our_handler_and_room_for_many_who_knock_at_once(served):
    assert isinstance(served.server, StreamingServer)
    assert served.server.RequestHandlerClass is StreamingRequestHandler
    assert served.server.limits == Limits()
    assert served.server.request_queue_size >= 500


def test_a_connection_that_does_not_speak_takes_no_place_and_is_closed(serve, connect):
    served = serve(request_seconds=0.2)
    silent = connect(served)
    connect(served).associate()
    assert silent.is_aborted()
    assert served.slots.admitted == 1


def test_many_silent_connections_keep_nobody_waiting(served, connect):
    for _ in range(50):
        connect(served)
    begun = time.monotonic()
    connect(served).associate()
    assert time.monotonic() - begun < 2
    assert served.slots.open == 1


@pytest.mark.parametrize(
    "tls", [None, ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)], ids=["plain", "TLS"]
)
def test_who_finds_no_place_is_sent_away_unread_and_that_is_noted(served, connect, tls):
    served.server.tls = tls
    served.slots.is_full = True
    peer = connect(served)
    peer.send(b"\x01")
    assert peer.receive() == (0, b"")
    assert served.slots.open == 0
    unnamed = Caller(address="127.0.0.1", calling_ae_title="", called_ae_title="", is_tls=tls is not None)
    wait_until(lambda: served.turned_away == [(unnamed, local_limit_exceeded("came too late", "wait"))])


def test_who_finds_a_place_or_does_not_speak_is_not_noted(serve, connect):
    served = serve(request_seconds=0.2)
    silent = connect(served)
    connect(served).associate().release()
    assert silent.is_aborted()
    assert served.turned_away == []


# --- the deadline for an association request ------------------------------------------------------------


def test_the_time_in_which_a_peer_is_silent_is_part_of_its_time_for_a_request(serve, connect):
    served = serve(request_seconds=1.0)
    begun = time.monotonic()
    peer = connect(served)
    time.sleep(0.7)
    peer.send(associate_rq(CR_IMAGE)[:-1])
    assert peer.is_aborted()
    assert 0.9 < time.monotonic() - begun < 1.5


def test_what_is_sent_in_time_after_a_silence_is_answered(serve, connect):
    served = serve(request_seconds=1.0)
    peer = connect(served)
    time.sleep(0.7)
    peer.associate().release()


class SlowHandshake:
    """Stands for TLS: takes so long, and gives the socket back as it was."""

    def __init__(self, seconds):
        self._seconds = seconds
        self.given = None

    def wrap_socket(self, request, *, server_side):
        assert server_side
        self.given = request.gettimeout()
        time.sleep(self._seconds)
        return request


def test_the_tls_handshake_is_part_of_the_time_for_a_request(serve, connect):
    served = serve(request_seconds=1.0)
    served.server.tls = handshake = SlowHandshake(0.4)
    begun = time.monotonic()
    peer = connect(served)
    time.sleep(0.3)
    peer.send(b"\x01")
    assert peer.is_aborted()
    assert 0.9 < time.monotonic() - begun < 1.5
    assert handshake.given == pytest.approx(0.7, abs=0.2)


def test_a_handshake_that_ends_too_late_leaves_its_place(serve, connect):
    served = serve(request_seconds=0.2)
    served.server.tls = SlowHandshake(0.4)
    peer = connect(served)
    peer.send(b"\x01")
    assert peer.is_aborted()
    wait_until(lambda: served.slots.admitted == 1 and served.slots.open == 0)


@pytest.mark.parametrize("fault", [OSError, ValueError])
def test_a_peer_that_leaves_before_its_association_begins_leaves_its_place(
    served, connect, monkeypatch, fault
):
    def fail(*_):
        raise fault("the peer left")

    monkeypatch.setattr(served.server, "RequestHandlerClass", fail)
    peer = connect(served)
    peer.send(b"\x01")
    wait_until(lambda: served.slots.admitted == 1 and served.slots.open == 0)
    assert peer.is_aborted()
