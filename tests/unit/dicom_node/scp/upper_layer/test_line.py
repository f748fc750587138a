import os
import select
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress

import pytest

from dicom_node.scp.upper_layer.line import MOST_AWAITED_BYTES, line_on


@pytest.fixture
def pair():
    """Both ends of a TCP connection; ours first."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.fixture
def line(pair):
    return line_on(pair[0], seconds=5)


def _buffer(size=1 << 20):
    return memoryview(bytearray(size))


def _is_woken(connection, *, seconds=0.15):
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _seconds(do):
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


# --- receiving ------------------------------------------------------------------------------------------


def test_all_that_has_come_is_taken_at_once(pair, line):
    ours, theirs = pair
    theirs.sendall(b"abc")
    theirs.sendall(b"def")
    assert _is_woken(ours)
    time.sleep(0.05)
    free = _buffer()
    assert line.receive_into(free) == 6
    assert bytes(free[:6]) == b"abcdef"


def test_where_nothing_has_come_it_does_not_wait(line):
    answers = []
    assert _seconds(lambda: answers.append(line.receive_into(_buffer()))) < 0.5
    assert answers == [None]


def test_the_end_is_told_behind_the_last_bytes(pair, line):
    ours, theirs = pair
    theirs.sendall(b"last")
    theirs.close()
    assert _is_woken(ours)
    time.sleep(0.05)
    assert [line.receive_into(_buffer()) for _ in range(2)] == [4, 0]


def test_a_connection_that_was_reset_is_at_its_end(pair, line):
    ours, theirs = pair
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    theirs.close()
    assert _is_woken(ours)
    assert line.receive_into(_buffer()) == 0


def test_a_sender_that_waits_for_our_acknowledgement_gets_it_at_once(pair, line):
    """Two small writes, an answer, again and again: with Nagle there and a delayed ACK here each takes 40 ms."""
    ours, theirs = pair
    theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1

    def answer():
        for _ in range(20):
            count = 0
            while count < 8:
                assert _is_woken(ours, seconds=5)
                count += line.receive_into(_buffer()) or 0
            line.send(b"answer")

    answering = threading.Thread(target=answer)
    answering.start()

    def ask():
        for _ in range(20):
            theirs.sendall(b"1234")
            theirs.sendall(b"5678")
            assert theirs.recv(100) == b"answer"

    assert _seconds(ask) < 20 * 0.02
    answering.join(5)


# --- woken seldom ---------------------------------------------------------------------------------------


def test_while_more_is_missing_it_is_not_woken_for_less(pair, line):
    ours, theirs = pair
    line.expect(1000)
    theirs.sendall(b"x" * 999)
    assert not _is_woken(ours)
    theirs.sendall(b"x")
    assert _is_woken(ours, seconds=5)
    assert line.receive_into(_buffer()) == 1000


def test_what_has_come_can_be_taken_all_the_same(pair, line):
    line.expect(1000)
    pair[1].sendall(b"x" * 10)
    time.sleep(0.05)
    assert line.receive_into(_buffer()) == 10


@pytest.mark.parametrize("missing", [0, -5])
def test_where_nothing_is_missing_it_is_woken_for_the_first_byte(pair, line, missing):
    """Between PDUs, and in one of which only the first bytes have come."""
    line.expect(50_000)
    line.expect(missing)
    pair[1].sendall(b"x")
    assert _is_woken(pair[0], seconds=5)


def test_it_is_never_asked_to_hold_more_back_than_the_kernel_will_keep(pair, line):
    ours, theirs = pair
    line.expect(1 << 30)
    assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT) == MOST_AWAITED_BYTES
    sending = threading.Thread(target=theirs.sendall, args=(bytes(MOST_AWAITED_BYTES),))
    sending.start()
    assert _is_woken(ours, seconds=5)
    sending.join(5)


def test_however_small_the_kernels_buffer_the_bytes_come_through(pair):
    """What is awaited may not fit into it: then the kernel wakes us when it is full."""
    ours, theirs = pair
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line = line_on(ours, seconds=5)
    wanted, received = 200_000, 0
    sending = threading.Thread(target=theirs.sendall, args=(bytes(wanted),))
    sending.start()
    while received < wanted:
        line.expect(wanted - received)
        assert _is_woken(ours, seconds=5), f"hangs with {received} of {wanted} bytes"
        received += line.receive_into(_buffer()) or 0
    sending.join(5)


@pytest.mark.parametrize("end", ["close", "half-close", "reset"])
def test_the_end_wakes_it_whatever_is_missing(pair, line, end):
    ours, theirs = pair
    line.expect(50_000)
    theirs.sendall(b"some")
    if end == "half-close":
        theirs.shutdown(socket.SHUT_WR)
    else:
        if end == "reset":
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        theirs.close()
    assert _is_woken(ours, seconds=5)
    assert line.receive_into(_buffer()) in (4, 0)


def test_the_same_expectation_asks_the_kernel_once(pair, line, monkeypatch):
    asked = []

    class Counted(socket.socket):
        def setsockopt(self, *about):
            asked.append(about)
            return super().setsockopt(*about)

    counted = Counted(fileno=pair[0].detach())
    line = line_on(counted, seconds=5)
    asked.clear()
    for missing in (1, 0, -3, 1 << 17, 1 << 16, 1 << 20):
        line.expect(missing)
    assert [value for _, name, value in asked if name == socket.SO_RCVLOWAT] == [MOST_AWAITED_BYTES]
    counted.close()


# --- sending --------------------------------------------------------------------------------------------


def test_what_is_sent_arrives_whole(pair, line):
    content, received = bytes(range(256)) * 20_000, bytearray()  # 5 MB: more than the kernel takes at once

    def read():
        while len(received) < len(content) and (piece := pair[1].recv(1 << 16)):
            received.extend(piece)

    reading = threading.Thread(target=read)
    reading.start()
    line.send(content)
    reading.join(10)
    assert bytes(received) == content


def test_a_peer_that_takes_nothing_is_waited_for_so_long_and_no_longer(pair):
    line = line_on(pair[0], seconds=0.3)

    def send():
        with pytest.raises(OSError):
            line.send(bytes(50 << 20))

    assert 0.2 < _seconds(send) < 3


def test_a_peer_that_is_gone_is_an_error(pair, line):
    pair[1].close()

    def send():
        for _ in range(10):
            line.send(bytes(100_000))

    with pytest.raises(OSError):
        send()


# --- TLS ------------------------------------------------------------------------------------------------


def _context(protocol):
    """Encrypted and anonymous: the line needs records, and no certificate."""
    made = ssl.SSLContext(protocol)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")
    return made


@pytest.fixture
def tls_pair(pair):
    theirs, calling = [], _context(ssl.PROTOCOL_TLS_CLIENT)
    greeting = threading.Thread(target=lambda: theirs.append(calling.wrap_socket(pair[1])))
    greeting.start()
    ours = _context(ssl.PROTOCOL_TLS_SERVER).wrap_socket(pair[0], server_side=True)
    greeting.join(10)
    yield ours, theirs[0]
    ours.close()
    theirs[0].close()


def test_over_tls_what_has_come_is_taken(tls_pair):
    ours, theirs = tls_pair
    line = line_on(ours, seconds=5)
    theirs.sendall(b"abcdef")
    free = _buffer()
    assert line.receive_into(free) == 6
    assert bytes(free[:6]) == b"abcdef"
    line.send(b"answer")
    assert theirs.recv(100) == b"answer"


def test_over_tls_the_bytes_of_the_message_are_not_those_of_the_socket(tls_pair):
    """A record is longer than what is in it, and a small rest may lie behind a large one: no holding back."""
    ours, theirs = tls_pair
    line = line_on(ours, seconds=5)
    line.expect(50_000)
    assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT) == 1
    theirs.sendall(b"x")
    assert _is_woken(ours, seconds=5)
    assert line.receive_into(_buffer()) == 1


@pytest.mark.parametrize("in_order", [True, False], ids=["closed in order", "cut"])
def test_over_tls_the_end_is_told(tls_pair, in_order):
    ours, theirs = tls_pair
    line = line_on(ours, seconds=5)
    if in_order:
        theirs.settimeout(0)
        with suppress(ssl.SSLError, BlockingIOError):  # it says goodbye and does not wait for ours
            theirs.unwrap()
    else:
        theirs.shutdown(socket.SHUT_RDWR)
        theirs.close()
    assert line.receive_into(_buffer()) == 0


def test_over_tls_a_record_that_does_not_become_whole_is_waited_for_so_long_and_no_longer(tls_pair):
    ours, theirs = tls_pair
    line = line_on(ours, seconds=0.3)
    raw = socket.socket(fileno=os.dup(theirs.fileno()))
    raw.sendall(b"\x17\x03\x03\x10\x00abc")  # 4096 bytes of application data, it says
    taken = []
    assert 0.2 < _seconds(lambda: taken.append(line.receive_into(_buffer()))) < 3
    assert taken == [0]
    raw.close()
