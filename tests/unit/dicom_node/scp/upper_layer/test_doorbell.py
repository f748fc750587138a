import os
import queue
import socket
import threading
import time
from pathlib import Path

import pytest

from dicom_node.scp.upper_layer.doorbell import Doorbell, RingingQueue, SocketBell


@pytest.fixture
def doorbell():
    """Open, as at the start of an association, and not rung for anything."""
    bell = Doorbell()
    bell.set()
    assert bell.wait()
    return bell


@pytest.fixture
def bell():
    made = SocketBell()
    yield made
    if made._read >= 0:
        made.close()


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def _seconds(do):
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


def _later(do):
    threading.Timer(0.05, do).start()


def test_whoever_waits_is_woken_by_a_ring(doorbell):
    _later(doorbell.ring)
    assert 0.03 < _seconds(doorbell.wait) < 0.5


def test_a_ring_before_the_wait_is_not_lost(doorbell):
    doorbell.ring()
    assert _seconds(doorbell.wait) < 0.03


def test_there_is_a_pass_for_every_ring(doorbell):
    for _ in range(3):
        doorbell.ring()
    assert _seconds(lambda: [doorbell.wait() for _ in range(3)]) < 0.05


def test_opening_the_checkpoint_is_a_ring(doorbell):
    doorbell.clear()
    _later(doorbell.set)
    assert 0.03 < _seconds(doorbell.wait) < 0.5


def test_a_closed_checkpoint_lets_nobody_pass_however_often_it_is_rung(doorbell):
    doorbell.clear()
    doorbell.ring()
    assert doorbell.wait(timeout=0.05) is False


def test_who_waits_for_nothing_looks_around_once_in_a_while_and_no_oftener(doorbell, monkeypatch):
    monkeypatch.setattr(Doorbell, "LOOK_AROUND_SECONDS", 0.1)
    passes = 0
    end = time.monotonic() + 0.35
    processor = time.thread_time()
    while time.monotonic() < end:
        assert doorbell.wait()
        passes += 1
    assert 2 <= passes <= 5
    assert time.thread_time() - processor < 0.05


def test_what_is_put_into_the_queue_is_there_when_the_bell_has_rung(doorbell):
    ringing = RingingQueue(doorbell)
    found = []

    def look():
        doorbell.wait()
        found.append(ringing.get(block=False))

    thread = threading.Thread(target=look)
    thread.start()
    ringing.put("a message")
    thread.join(5)
    assert found == ["a message"]
    with pytest.raises(queue.Empty):
        ringing.get(block=False)


def test_every_message_put_at_once_is_found_without_waiting(doorbell):
    ringing = RingingQueue(doorbell)
    for number in range(5):
        ringing.put(number)
    assert _seconds(lambda: [doorbell.wait() and ringing.get(block=False) for _ in range(5)]) < 0.05


def test_bytes_on_the_socket_end_the_wait(bell, pair):
    ours, theirs = pair
    _later(lambda: theirs.send(b"x"))
    found = []
    assert 0.03 < _seconds(lambda: found.append(bell.wait(ours, 5))) < 1
    assert found == [True]


def test_a_peer_that_closed_is_to_be_read(bell, pair):
    ours, theirs = pair
    theirs.close()
    assert bell.wait(ours, 5) is True


def test_a_ring_ends_the_wait_and_there_is_nothing_to_read(bell, pair):
    _later(bell.ring)
    found = []
    assert 0.03 < _seconds(lambda: found.append(bell.wait(pair[0], 5))) < 1
    assert found == [False]


def test_a_ring_before_the_wait_ends_it_once(bell, pair):
    bell.ring()
    bell.ring()
    assert _seconds(lambda: bell.wait(pair[0], 5)) < 0.5
    assert _seconds(lambda: bell.wait(pair[0], 0.1)) > 0.08


def test_a_ring_hides_no_bytes(bell, pair):
    ours, theirs = pair
    theirs.send(b"x")
    bell.ring()
    assert bell.wait(ours, 5) is True


def test_waiting_for_nothing_costs_nothing(bell, pair):
    processor = time.thread_time()
    assert bell.wait(pair[0], 0.3) is False
    assert time.thread_time() - processor < 0.02


def test_a_bell_rung_a_hundred_thousand_times_blocks_nobody(bell):
    assert _seconds(lambda: [bell.ring() for _ in range(100_000)]) < 5


def test_a_socket_that_is_closed_is_an_error_and_no_endless_wait(bell, pair):
    pair[0].close()
    with pytest.raises((OSError, ValueError)):
        bell.wait(pair[0], 5)


def test_another_connection_takes_the_place_of_the_first(bell, pair):
    """As where a plain socket is wrapped in another object with another descriptor."""
    ours, theirs = pair
    assert bell.wait(ours, 0.01) is False
    other, their_other = socket.socketpair()
    with other, their_other:
        theirs.send(b"x")
        assert bell.wait(other, 0.1) is False
        their_other.send(b"x")
        assert bell.wait(other, 5) is True
        assert bell.wait(ours, 5) is True


def test_a_connection_that_was_watched_and_is_closed_is_an_error(bell, pair):
    ours, _ = pair
    assert bell.wait(ours, 0.01) is False
    ours.close()
    with pytest.raises((OSError, ValueError)):
        bell.wait(ours, 5)


def test_descriptors_above_those_that_select_knows_are_waited_for(bell):
    ours, theirs = socket.socketpair()
    high = 1500
    try:
        os.dup2(ours.fileno(), high)
    except OSError:
        pytest.skip("this user may not have so many descriptors (ulimit -n)")
    with ours, theirs, socket.socket(fileno=high) as above:
        theirs.send(b"x")
        assert bell.wait(above, 5) is True


def test_a_bell_that_was_closed_may_still_be_rung(bell):
    bell.close()
    bell.ring()


def test_ringing_during_the_close_never_reaches_a_descriptor_of_somebody_else(tmp_path: Path):
    """The number of a closed descriptor is given to the next file that is opened."""
    for turn in range(50):
        bell = SocketBell()
        ringers = [threading.Thread(target=lambda: [bell.ring() for _ in range(50)]) for _ in range(4)]  # noqa: B023
        for ringer in ringers:
            ringer.start()
        bell.close()
        files = [(tmp_path / f"{turn}-{number}").open("wb") for number in range(4)]
        for ringer in ringers:
            ringer.join()
        for file in files:
            file.close()
            assert Path(file.name).stat().st_size == 0


def test_closing_gives_both_descriptors_back():
    before = len(list(Path("/proc/self/fd").iterdir()))
    SocketBell().close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
