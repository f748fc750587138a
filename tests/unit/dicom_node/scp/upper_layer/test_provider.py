import gc
import logging
import socket
import struct
import threading
import time
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
from pynetdicom import evt
from pynetdicom import timer as pynetdicom_timer

from dicom_node.scp.intake import Announced
from dicom_node.scp.upper_layer.command_set import StoreRequest, store_response
from dicom_node.scp.upper_layer.doorbell import RingingQueue
from dicom_node.scp.upper_layer.timer import Timer
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT
from tests.unit.dicom_node.scp.upper_layer.conftest import (
    ACCEPTED,
    P_DATA,
    RELEASED,
    Peer,
    wait_until,
)
from tests.unit.dicom_node.scp.upper_layer.pdus import (
    ABORT,
    COMMAND,
    DATA_SET,
    LAST,
    RELEASE_RQ,
    associate_rq,
    c_echo_rq,
    c_store_rq,
    command,
    p_data,
    pdu,
    pdv,
    uid,
    us,
)


def _request(*, message_id=7, context_id=1):
    return p_data(pdv(context_id, COMMAND | LAST, c_store_rq(CR_IMAGE, "1.2.3", message_id=message_id)))


def _store(content, **about):
    return _request(**about) + p_data(pdv(about.get("context_id", 1), LAST, content))


def _answer(*, message_id=7):
    request = StoreRequest(message_id=message_id, sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3")
    return P_DATA, store_response(request, context_id=1, status=0)[6:]


def _threads():
    return {thread for thread in threading.enumerate() if thread.name != "MainThread"}


# --- stores ---------------------------------------------------------------------------------------------


def test_a_store_is_announced_streamed_and_answered(served, connect):
    peer = connect(served).associate()
    peer.send(_store(b"the data set"))
    assert peer.receive() == _answer()
    (intake,) = served.intakes
    assert intake.content == b"the data set"
    assert intake.announced == Announced(
        abstract_syntax_uid=CR_IMAGE,
        sop_class_uid=CR_IMAGE,
        sop_instance_uid="1.2.3",
        transfer_syntax_uid=EXPLICIT,
        calling_ae_title="CR_ROOM_2",
    )
    assert (intake.is_finished, intake.is_given_up) == (True, False)
    peer.release()


def test_it_reaches_the_spool_while_the_rest_is_still_to_come(served, connect):
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, DATA_SET, b"first")), p_data(pdv(1, DATA_SET, b"second"))[:14])
    wait_until(lambda: bool(served.intakes) and served.intakes[0].content == b"firstse")
    peer.send(p_data(pdv(1, DATA_SET, b"second"))[14:], p_data(pdv(1, LAST, b"")))
    assert peer.receive() == _answer()
    assert served.intakes[0].content == b"firstsecond"


def test_stores_that_come_at_once_are_answered_in_their_order(served, connect):
    peer = connect(served).associate()
    peer.send(*(_store(bytes([number]), message_id=number) for number in range(1, 6)))
    assert [peer.receive() for _ in range(5)] == [_answer(message_id=number) for number in range(1, 6)]
    assert [intake.content for intake in served.intakes] == [bytes([number]) for number in range(1, 6)]


def test_a_large_instance_goes_through(served, connect):
    peer = connect(served).associate()
    piece = bytes(range(256)) * 500
    peer.send(_request())
    for _ in range(20):
        peer.send(p_data(pdv(1, DATA_SET, piece[:60_000]), pdv(1, DATA_SET, piece[60_000:])))
    peer.send(p_data(pdv(1, LAST, b"end")))
    assert peer.receive() == _answer()
    assert served.intakes[0].content == piece * 20 + b"end"


# --- all else is pynetdicom's ---------------------------------------------------------------------------


def test_an_echo_is_answered_by_pynetdicom(served, connect):
    peer = connect(served).associate()
    peer.send(p_data(pdv(3, COMMAND | LAST, c_echo_rq())))
    kind, body = peer.receive()
    assert kind == P_DATA
    assert us(0x0900, 0x0000) in body
    assert us(0x0120, 7) in body


def test_echoes_that_come_at_once_wait_for_no_clock(served, connect):
    peer = connect(served).associate()
    begun = time.monotonic()
    peer.send(*(p_data(pdv(3, COMMAND | LAST, c_echo_rq(message_id=n))) for n in range(1, 9)))
    for number in range(1, 9):
        assert us(0x0120, number) in peer.receive()[1]
    assert time.monotonic() - begun < 1.0


def test_however_many_echoes_come_at_once_no_more_than_two_wait_in_memory(served, connect, monkeypatch):
    waiting, put = [], RingingQueue.put

    def counted(queue, item, *arguments, **more):
        put(queue, item, *arguments, **more)
        if isinstance(item, tuple):  # a message with its context
            waiting.append(queue.qsize())

    monkeypatch.setattr(RingingQueue, "put", counted)
    peer = connect(served).associate()
    peer.send(*(p_data(pdv(3, COMMAND | LAST, c_echo_rq(message_id=n))) for n in range(1, 301)))
    for number in range(1, 301):
        assert us(0x0120, number) in peer.receive()[1]
    assert len(waiting) == 300
    assert max(waiting) <= 2


@pytest.mark.usefixtures("look_around_often")
def test_who_asks_faster_than_it_is_answered_can_be_aborted_all_the_same(serve, connect):
    """The thread that reads waits for the one that answers, which then waits for the one that reads to end."""
    served = serve(idle_seconds=0.4)
    may_answer = threading.Event()
    served.server.bind(evt.EVT_C_ECHO, lambda _: 0x0000 if may_answer.wait(10) else 0x0110)
    peer = connect(served).associate()
    peer.send(*(p_data(pdv(3, COMMAND | LAST, c_echo_rq(message_id=n))) for n in range(1, 51)))
    time.sleep(0.8)  # for which it has been idle too long
    may_answer.set()
    wait_until(lambda: served.slots.open == 0)


def test_a_store_an_echo_and_a_store(served, connect):
    peer = connect(served).associate()
    peer.send(_store(b"one"))
    assert peer.receive() == _answer()
    peer.send(p_data(pdv(3, COMMAND | LAST, c_echo_rq())))
    assert peer.receive()[0] == P_DATA
    peer.send(_store(b"two", message_id=8))
    assert peer.receive() == _answer(message_id=8)


def test_a_service_we_do_not_give_ends_no_process(served, connect):
    """C-FIND on the context of verification, with a data set: pynetdicom refuses it or aborts, and we go on."""
    peer = connect(served).associate()
    find = command(
        uid(0x0002, "1.2.840.10008.5.1.4.1.2.2.1"), us(0x0100, 0x0020), us(0x0110, 1), us(0x0800, 1)
    )
    peer.send(p_data(pdv(3, COMMAND | LAST, find)), p_data(pdv(3, LAST, b"\x08\x00\x52\x00CS\x06\x00STUDY ")))
    assert peer.receive()[0] in (P_DATA, 7, 0)
    other = connect(served).associate()
    other.send(_store(b"a"))
    assert other.receive() == _answer()


def test_a_release_is_answered_and_everything_is_given_back(served, connect):
    before = _threads()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        peer = connect(served).associate()
        peer.send(_store(b"a"))
        assert peer.receive() == _answer()
        peer.release()
        peer.close()
    wait_until(lambda: _threads() <= before)
    wait_until(lambda: served.slots.open == 0)
    assert served.slots.admitted == 5
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors


@pytest.mark.parametrize("end", [Peer.release, Peer.close], ids=["release", "close"])
def test_its_buffer_is_given_back_with_the_association_and_not_some_time_later(served, connect, end):
    """What an association is made of refers to itself in circles; a thousand of them would hold a gigabyte."""
    gc.collect()
    gc.disable()
    try:
        peer = connect(served).associate()
        peer.send(_store(b"a"))
        assert peer.receive() == _answer()
        (association,) = served.server.active_associations
        buffer = weakref.ref(association.dul._stream)
        end(peer)
        wait_until(lambda: buffer() is None)
    finally:
        gc.enable()


# --- how it can end -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [lambda peer: peer.send(ABORT), lambda peer: peer.close(), lambda peer: peer.send(RELEASE_RQ)],
    ids=["abort", "connection lost", "release"],
)
def test_an_end_in_the_middle_of_an_instance_leaves_nothing(served, connect, end):
    before = _threads()
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, DATA_SET, b"half")))
    wait_until(lambda: bool(served.intakes) and served.intakes[0].content == b"half")
    end(peer)
    wait_until(lambda: served.intakes[0].is_given_up)
    assert not served.intakes[0].is_finished
    wait_until(lambda: _threads() <= before)


@pytest.mark.parametrize(
    "hostile",
    [
        pdu(4, b"", length=0xFFFFFFFF),
        pdu(4, b""),
        pdu(5, b"", length=1 << 31),
        p_data(pdv(1, LAST, b"no command came before")),
        p_data(pdv(9, COMMAND | LAST, c_store_rq(CR_IMAGE, "1.2.3"))),
        p_data(pdv(1, COMMAND | LAST, b"garbage, and more of it")),
        p_data(pdv(1, COMMAND | LAST, command(us(0x0100, 0x0001), us(0x0800, 1)))),
        p_data(pdv(1, LAST, b"abcd", length=100)),
        pdu(1, b"an association request, again, and no good one"),
        pdu(2, b"x" * 100),
        pdu(3, b""),
        pdu(7, b""),
        pdu(200, b"a PDU nobody knows"),
    ],
    ids=[
        "P-DATA of 4 GiB",
        "empty P-DATA",
        "release of 2 GiB",
        "data set first",
        "context not accepted",
        "no command set",
        "store without its elements",
        "value beyond its PDU",
        "a second request",
        "an answer to nothing",
        "an empty rejection",
        "an empty abort",
        "unknown PDU",
    ],
)
def test_what_must_not_come_aborts_this_association_and_no_other(served, connect, hostile):
    other = connect(served).associate()
    peer = connect(served).associate()
    begun = time.monotonic()
    peer.send(hostile)
    assert peer.is_aborted()
    assert time.monotonic() - begun < 1.5
    other.send(_store(b"a"))
    assert other.receive() == _answer()


def test_an_instance_larger_than_allowed_is_aborted_and_let_go_of(serve, connect):
    served = serve(largest_instance_bytes=1000)
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, DATA_SET, bytes(1001))))
    assert peer.is_aborted()
    wait_until(lambda: served.intakes[0].is_given_up)


def test_an_unforeseen_error_aborts_the_association_and_is_written_down(served, connect, caplog):
    def fail():
        raise ZeroDivisionError

    served.fail = fail
    peer = connect(served).associate()
    with caplog.at_level(logging.ERROR):
        peer.send(_store(b"a"))
        assert peer.is_aborted()
    assert "ZeroDivisionError" in caplog.text
    served.fail = lambda: None
    other = connect(served).associate()
    other.send(_store(b"a"))
    assert other.receive() == _answer()
    wait_until(lambda: served.slots.open == 1)


# --- woken seldom, and never left waiting ---------------------------------------------------------------


def test_a_peer_that_sends_one_byte_at_a_time_is_served(served, connect):
    peer = connect(served).associate()
    for byte in _store(bytes(range(50))):
        peer.send(bytes([byte]))
    assert peer.receive() == _answer()
    assert served.intakes[0].content == bytes(range(50))
    for byte in RELEASE_RQ:
        peer.send(bytes([byte]))
    assert peer.receive()[0] == RELEASED


@pytest.mark.parametrize("cut", [1, 5, 6, 7, 11, 12, 13, 40_000, 90_000])
def test_wherever_a_pdu_is_cut_its_rest_is_taken_at_once(served, connect, cut):
    """What is waited for is never more than the rest of this PDU."""
    peer = connect(served).associate()
    content = bytes(range(250)) * 400
    large = p_data(pdv(1, LAST, content))
    peer.send(_request(), large[:cut])
    time.sleep(0.05)
    begun = time.monotonic()
    peer.send(large[cut:])
    assert peer.receive() == _answer()
    assert time.monotonic() - begun < 0.5
    assert served.intakes[0].content == content


def test_a_release_right_behind_the_last_bytes_is_answered_at_once(served, connect):
    peer = connect(served).associate()
    large = p_data(pdv(1, LAST, bytes(100_000)))
    peer.send(_request(), large[:50_000])
    time.sleep(0.05)
    begun = time.monotonic()
    peer.send(large[50_000:], RELEASE_RQ)
    assert peer.receive() == _answer()
    assert peer.receive()[0] == RELEASED
    assert time.monotonic() - begun < 0.8


def test_a_peer_that_half_closes_behind_its_last_instance_is_answered(served, connect):
    peer = connect(served).associate()
    peer.send(_store(bytes(100_000)))
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.receive() == _answer()
    wait_until(lambda: served.slots.open == 0)


@pytest.mark.parametrize("end", ["half-close", "close", "reset"])
def test_an_end_in_the_middle_of_a_pdu_is_seen_at_once(served, connect, end):
    """Although nothing less than the rest of the PDU wakes us."""
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, LAST, bytes(100_000)))[:50_000])
    wait_until(lambda: bool(served.intakes) and len(served.intakes[0].content) > 49_000)
    begun = time.monotonic()
    if end == "half-close":
        peer.socket.shutdown(socket.SHUT_WR)
    else:
        if end == "reset":
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
    wait_until(lambda: served.intakes[0].is_given_up)
    assert time.monotonic() - begun < 0.5
    wait_until(lambda: served.slots.open == 0)


def test_an_answer_that_nobody_takes_ends_the_association(serve, connect, monkeypatch):
    """The peer is gone by the time its instance is safe: that is its affair, and no error of ours."""
    served = serve()
    peer = connect(served).associate()
    served.fail = peer.close  # in the middle of ``finish``
    peer.send(_store(b"a"), _store(b"b", message_id=8), _store(b"c", message_id=9))
    wait_until(lambda: served.slots.open == 0)
    assert served.intakes[0].is_finished


# --- time -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("look_around_often")
def test_a_pdu_that_does_not_become_whole_in_time_ends_the_association(serve, connect):
    served = serve(pdu_seconds=0.3)
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, DATA_SET, b"half of it"))[:-5])
    begun = time.monotonic()
    assert peer.is_aborted()
    assert 0.2 < time.monotonic() - begun < 1.5
    wait_until(lambda: served.intakes[0].is_given_up)


@pytest.mark.usefixtures("look_around_often")
def test_dripping_bytes_do_not_put_it_off(serve, connect):
    served = serve(pdu_seconds=0.3)
    peer = connect(served).associate()
    peer.send(_request(), p_data(pdv(1, DATA_SET, bytes(60_000)))[:12])
    begun = time.monotonic()
    with pytest.raises(OSError):
        while time.monotonic() - begun < 5:
            peer.send(b"\0")
            time.sleep(0.02)
    assert 0.2 < time.monotonic() - begun < 2


@pytest.mark.usefixtures("look_around_often")
def test_a_slow_line_may_take_as_long_as_it_needs_while_each_pdu_is_in_time(serve, connect):
    """Every receive ends in the middle of a PDU, and the instance takes three times as long as one PDU may."""
    served = serve(pdu_seconds=0.4)
    peer = connect(served).associate()
    stream = _request() + b"".join(p_data(pdv(1, DATA_SET, bytes(994))) for _ in range(24))
    stream += p_data(pdv(1, LAST, b""))
    for start in range(0, len(stream), 1000):
        peer.send(stream[start : start + 1000])
        time.sleep(0.05)
    assert peer.receive() == _answer()
    assert served.intakes[0].content == bytes(994 * 24)


@pytest.mark.usefixtures("look_around_often")
def test_an_association_on_which_nothing_moves_is_ended(serve, connect):
    served = serve(idle_seconds=0.4)
    peer = connect(served).associate()
    begun = time.monotonic()
    assert peer.is_aborted()
    assert 0.2 < time.monotonic() - begun < 2
    wait_until(lambda: served.slots.open == 0)


@pytest.mark.usefixtures("look_around_often")
def test_instances_keep_it_from_being_idle(serve, connect):
    served = serve(idle_seconds=0.4)
    peer = connect(served).associate()
    for number in range(1, 7):
        time.sleep(0.15)
        peer.send(_store(b"a", message_id=number))
        assert peer.receive() == _answer(message_id=number)


def test_idle_associations_cost_next_to_nothing(served, connect):
    for _ in range(20):
        connect(served).associate()
    time.sleep(0.2)
    processor = time.process_time()
    time.sleep(1.0)
    assert time.process_time() - processor < 0.1  # stock pynetdicom: 0.3


@pytest.mark.usefixtures("look_around_often")
def test_a_pdu_on_a_slow_line_has_its_own_deadline_and_is_not_idle(serve, connect):
    """Its bytes come all the time, and wake us only when enough of them are there."""
    served = serve(pdu_seconds=5, idle_seconds=0.4)
    peer = connect(served).associate()
    large = p_data(pdv(1, LAST, bytes(60_000)))
    peer.send(_request())
    for start in range(0, len(large), 6_000):
        peer.send(large[start : start + 6_000])
        time.sleep(0.12)
    assert peer.receive() == _answer()


@pytest.mark.usefixtures("look_around_often")
@pytest.mark.parametrize("step_seconds", [120, -120])
def test_a_step_of_the_wall_clock_ends_no_association_and_puts_no_end_off(
    serve, connect, monkeypatch, step_seconds
):
    """pynetdicom's own timers go by ``time.time``, which is looked up where its Timer stands."""
    served = serve(idle_seconds=1.5)
    idle, waiting = connect(served).associate(), connect(served)
    waiting.send(associate_rq(CR_IMAGE)[:1])
    wait_until(lambda: len(served.server.active_associations) == 2)
    for association in served.server.active_associations:
        assert isinstance(association.dul.artim_timer, Timer)
    begun = time.monotonic()
    stepped = SimpleNamespace(time=lambda: time.time() + step_seconds)
    monkeypatch.setattr(pynetdicom_timer, "time", stepped)
    time.sleep(0.3)  # six looks around
    waiting.send(associate_rq(CR_IMAGE)[1:])
    assert waiting.receive()[0] == ACCEPTED
    assert served.slots.open == 2
    assert idle.is_aborted()
    assert 1.0 < time.monotonic() - begun < 4
