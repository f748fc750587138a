import socket
import time

import pytest
from pynetdicom import AE

from dicom_node.scp.upper_layer.association import StreamingAssociation
from dicom_node.scp.upper_layer.doorbell import Doorbell, RingingQueue
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.provider import StreamingProvider
from tests.unit.dicom_node.given import CR_IMAGE
from tests.unit.dicom_node.scp.upper_layer.conftest import VERIFICATION, Slots, wait_until
from tests.unit.dicom_node.scp.upper_layer.pdus import ABORT, associate_rq


@pytest.fixture
def association():
    limits = Limits(request_seconds=3, idle_seconds=5)
    made = StreamingAssociation(AE(), lambda _: None, limits, Slots(), time.monotonic() + 2)
    yield made
    made.dul._bell.close()


def test_its_provider_streams_and_everything_that_wakes_it_rings_its_bell(association):
    assert isinstance(association._reactor_checkpoint, Doorbell)
    assert isinstance(association.dul, StreamingProvider)
    assert association.dimse.dul is association.dul
    assert isinstance(association.dimse.msg_queue, RingingQueue)
    assert isinstance(association.dul.to_user_queue, RingingQueue)


def test_the_limits_reach_pynetdicoms_own_clocks(association):
    assert (association.acse_timeout, association.network_timeout) == (pytest.approx(2, abs=0.5), 5)
    assert association.dul.artim_timer.timeout == association.acse_timeout
    assert association.dul._idle_timer.timeout == 5


def test_who_has_used_up_the_time_for_a_request_is_not_waited_for_and_that_is_no_error():
    late = StreamingAssociation(AE(), lambda _: None, Limits(), Slots(), time.monotonic() - 1)
    assert late.acse_timeout == 0
    assert late.dul.receive_pdu(wait=True, timeout=late.acse_timeout) is None
    late.dul._bell.close()


def test_both_sides_are_described_as_pynetdicom_does(served, connect):
    connect(served).associate()
    (association,) = served.server.active_associations
    assert (association.acceptor.ae_title, association.requestor.ae_title) == ("OUR_NODE", "CR_ROOM_2")
    assert association.requestor.address == "127.0.0.1"
    assert association.requestor.port != association.acceptor.port == served.port
    assert association.acceptor.maximum_length == 1 << 17
    assert association.acceptor.implementation_class_uid == served.server.ae.implementation_class_uid
    assert [str(each.abstract_syntax) for each in association.accepted_contexts] == [CR_IMAGE, VERIFICATION]


def test_negotiating_leaves_the_contexts_that_all_share_as_they_were(served, connect):
    before = [(each.abstract_syntax, list(each.transfer_syntax)) for each in served.server.contexts]
    for _ in range(3):
        peer = connect(served)
        peer.send(associate_rq(CR_IMAGE, "1.2.3.4", transfer_syntax_uid="1.2.840.10008.1.2"))
        assert peer.receive()[0] == 2
    connect(served).associate()
    assert [(each.abstract_syntax, list(each.transfer_syntax)) for each in served.server.contexts] == before


def test_the_slot_is_given_back_at_the_end_whichever_it_is(served, connect):
    released, aborted, lost = (connect(served).associate() for _ in range(3))
    assert served.slots.open == 3
    released.release()
    aborted.send(ABORT)
    lost.close()
    wait_until(lambda: served.slots.open == 0)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\x00\xff\xff\xff\xff",
        associate_rq(CR_IMAGE)[:-30],
        b"\x16\x03\x01" * 9,
    ],
    ids=["HTTP", "a request of 4 GiB", "half a request", "TLS"],
)
def test_who_does_not_speak_dicom_is_sent_away_and_its_slot_is_free(serve, connect, said):
    served = serve(request_seconds=0.5)
    peer = connect(served)
    peer.send(said)
    wait_until(lambda: served.slots.admitted == 1)
    wait_until(lambda: served.slots.open == 0, seconds=3)
    assert peer.is_aborted()


def test_a_rejected_request_frees_its_slot(served, connect):
    peer = connect(served)
    rejected = associate_rq(CR_IMAGE).replace(b"1.2.840.10008.3.1.1.1", b"1.2.840.10008.3.1.1.9")
    peer.send(rejected)
    peer.receive()
    peer.socket.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: served.slots.open == 0)
