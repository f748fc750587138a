import time

import pytest

from dicom_node.scp.upper_layer.association import StreamingRequestHandler
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.server import StreamingServer
from tests.unit.dicom_node.scp.upper_layer.conftest import wait_until


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


def test_who_finds_no_place_is_sent_away(served, connect):
    served.slots.is_full = True
    peer = connect(served)
    peer.send(b"\x01")
    assert peer.is_aborted()
    assert served.slots.open == 0


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
