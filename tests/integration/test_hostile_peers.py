"""What peers do to a door, by ignorance or by malice; after each act the door takes an instance as if nothing was."""

import socket
import sqlite3
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES

from tests.neighbours import peer as by_hand
from tests.neighbours.door import Door, data_set_of
from tests.neighbours.instance import PATIENT, Instance, deflated, element, nested, new_instance
from tests.neighbours.peer import (
    ABORT,
    ASSOCIATE_RJ,
    ASSOCIATE_RQ,
    BIG_ENDIAN,
    COMMAND,
    CT_IMAGE,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    LAST,
    MR_IMAGE,
    P_DATA,
    RELEASE_RQ,
    VERIFICATION,
    Closed,
    Peer,
    associate_rq,
    echo_rq,
    item,
    message,
    p_data,
    pdu,
    pdv,
    store_rq,
    us,
)
from tests.neighbours.programs import program

pytestmark = pytest.mark.real_neighbours

SUCCESS, DUPLICATE, DOES_NOT_MATCH, CANNOT_UNDERSTAND = 0x0000, 0x0111, 0xA900, 0xC000
ABORTED = "aborted"
MEGABYTE = 1 << 20

REQUEST_SECONDS, PDU_SECONDS, IDLE_SECONDS = 1.5, 2.0, 3.0
LOOK_AROUND_SECONDS = 1.5
"""The door looks at its deadlines once a second; the rest is for a machine with other things to do."""
INSTANCE_AT_MOST = 32 * MEGABYTE

BOTH = pytest.mark.parametrize("door", ["streaming", "stock"], indirect=True)


def streaming_alone(reason: str, *, always: bool = True) -> pytest.MarkDecorator:
    """A row plain pynetdicom does not hold, and why.

    When it does hold one that it ``always`` fails, the test fails: then it is one for BOTH.
    """
    ends_otherwise = (AssertionError, Closed, TimeoutError)
    mark = pytest.mark.xfail(reason=f"plain pynetdicom {reason}", strict=always, raises=ends_otherwise)
    stock = pytest.param("stock", marks=mark)
    return pytest.mark.parametrize("door", ["streaming", stock], indirect=True)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Door]]:
    """Both doors, each started when it is first asked for."""
    running: dict[str, Door] = {}
    yield running
    codes = {receiver: door.stop() for receiver, door in running.items()}
    assert set(codes.values()) <= {0}, codes


@pytest.fixture
def door(
    request: pytest.FixtureRequest, doors: dict[str, Door], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The door with the receiver of the parametrisation; after the test it must be as it was before."""
    receiver = request.param
    if receiver not in doors:
        folder = tmp_path_factory.mktemp(receiver) / "where" / "it" / "lives"
        limits = {
            "request_seconds": REQUEST_SECONDS,
            "pdu_seconds": PDU_SECONDS,
            "idle_seconds": IDLE_SECONDS,
            "instance_at_most": f"{INSTANCE_AT_MOST} B",
        }
        doors[receiver] = Door(folder, receiver=receiver, **limits).start()
        doors[receiver].check_canary()
        doors[receiver].remember_rest()
    door = doors[receiver]
    pid = door.pid
    yield door
    assert door.pid == pid
    door.check_canary()
    door.settle()
    door.check_files()
    door.check_log(PATIENT.decode())


@contextmanager
def memory_grows_by_at_most(megabytes: int, door: Door) -> Iterator[None]:
    door.forget_peak()
    before = door.memory_bytes
    yield
    grown = (door.peak_bytes - before) / MEGABYTE
    assert grown <= megabytes, f"memory grew by {grown:.0f} MB"


def answer_to(door: Door, instance: Instance, **other: bytes) -> int | str:
    """The status of an instance; ``other`` are the command's UIDs where they are not its own. Or ABORTED."""
    sop_class_uid = other.get("sop_class_uid", instance.sop_class_uid)
    sop_instance_uid = other.get("sop_instance_uid", instance.sop_instance_uid)
    with Peer(door.port) as peer:
        peer.associate((1, CT_IMAGE, (instance.transfer_syntax_uid,)))
        try:
            return peer.store(sop_class_uid, sop_instance_uid, instance.data_set)
        except Closed:
            return ABORTED


def send_until_refused(peer: Peer, chunk: bytes, *, at_most_bytes: int) -> int:
    """Send a chunk again and again; returns how much was taken before the door closed."""
    sent = 0
    while sent < at_most_bytes:
        try:
            peer.send(chunk)
        except (Closed, TimeoutError):
            break
        sent += len(chunk)
    return sent


def assert_ended(peer: Peer, *, seconds: float = 1.0) -> None:
    """The door ends the connection, with an A-ABORT or without, and says nothing else."""
    said = peer.until_closed(seconds=seconds)
    assert [each.kind for each in said] in ([], [ABORT]), said


# --- too much -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ASSOCIATE_RQ, P_DATA, RELEASE_RQ, 0x42])
@streaming_alone("reads as many bytes as a PDU announces")
def test_a_giant_pdu_before_the_association_is_refused_by_its_length(door: Door, kind: int) -> None:
    with memory_grows_by_at_most(8, door), Peer(door.port) as peer:
        peer.send(pdu(kind, length=0xFFFF_FFFF))
        sent = send_until_refused(peer, bytes(MEGABYTE), at_most_bytes=256 * MEGABYTE)
        assert sent < 32 * MEGABYTE
        assert_ended(peer)


@pytest.mark.parametrize("kind", [ASSOCIATE_RQ, P_DATA, RELEASE_RQ])
@streaming_alone("reads as many bytes as a PDU announces")
def test_a_giant_pdu_within_the_association_is_refused_by_its_length(door: Door, kind: int) -> None:
    with memory_grows_by_at_most(8, door), Peer(door.port) as peer:
        peer.associate()
        peer.send(pdu(kind, length=0xFFFF_FFFF))
        sent = send_until_refused(peer, bytes(MEGABYTE), at_most_bytes=256 * MEGABYTE)
        assert sent < 32 * MEGABYTE
        assert_ended(peer)


@streaming_alone("keeps the fragments in memory until the last")
def test_a_command_without_end_is_aborted(door: Door) -> None:
    fragment = p_data(pdv(1, COMMAND, bytes(1 << 15)))
    with memory_grows_by_at_most(8, door), Peer(door.port) as peer:
        peer.associate()
        assert send_until_refused(peer, fragment, at_most_bytes=256 * MEGABYTE) < 32 * MEGABYTE
        assert_ended(peer)


@streaming_alone("keeps the data set in memory, and has no limit for it")
def test_an_instance_without_end_goes_to_the_disk_and_is_aborted_at_its_limit(door: Door) -> None:
    fragment = p_data(pdv(1, 0, bytes(100_000)))
    with memory_grows_by_at_most(16, door), Peer(door.port) as peer:
        peer.associate()
        peer.send(message(1, store_rq(CT_IMAGE, "2.25.1")))
        sent = send_until_refused(peer, fragment, at_most_bytes=4 * INSTANCE_AT_MOST)
        assert INSTANCE_AT_MOST * 0.9 < sent < 2 * INSTANCE_AT_MOST
        assert_ended(peer)
        await_that(lambda: not unfinished(door))


@streaming_alone("keeps the data set in memory, and has no limit for it")
def test_the_data_set_of_another_request_without_end_is_aborted(door: Door) -> None:
    fragment = p_data(pdv(1, 0, bytes(100_000)))
    with memory_grows_by_at_most(8, door), Peer(door.port) as peer:
        peer.associate((1, VERIFICATION, (IMPLICIT,)))
        peer.send(message(1, {**echo_rq(), by_hand.DATA_SET_TYPE: us(1)}))
        assert send_until_refused(peer, fragment, at_most_bytes=256 * MEGABYTE) < 32 * MEGABYTE
        assert_ended(peer)


@streaming_alone("queues every request it has read, in what memory others left it", always=False)
def test_c_stores_without_waiting_are_answered_one_after_the_other(door: Door) -> None:
    instances = [new_instance(pixels=bytes(MEGABYTE)) for _ in range(60)]
    requests = [
        message(1, store_rq(CT_IMAGE, each.sop_instance_uid, message_id=number), each.data_set)
        for number, each in enumerate(instances)
    ]
    with memory_grows_by_at_most(16, door), Peer(door.port, seconds=30) as peer:
        peer.associate()
        for request in requests:
            peer.send(request)
        assert [peer.status() for _ in instances] == [SUCCESS] * len(instances)
    assert all(data_set_of(door.path(each)) == each.data_set for each in instances)


@BOTH
def test_other_requests_without_waiting_are_not_piled_up(door: Door) -> None:
    request = message(1, {**echo_rq(), by_hand.DATA_SET_TYPE: us(1)}, bytes(MEGABYTE - 4096))
    with memory_grows_by_at_most(32, door), Peer(door.port) as peer:
        peer.associate((1, VERIFICATION, (IMPLICIT,)))
        send_until_refused(peer, request, at_most_bytes=200 * MEGABYTE)


@BOTH
def test_answers_nobody_reads_are_not_piled_up(door: Door) -> None:
    requests = message(1, echo_rq()) * 1000
    with memory_grows_by_at_most(32, door), Peer(door.port) as peer:
        peer.associate((1, VERIFICATION, (IMPLICIT,)))
        peer.socket.settimeout(1)
        send_until_refused(peer, requests, at_most_bytes=16 * MEGABYTE)


@BOTH
def test_a_hundred_thousand_releases_are_one(door: Door) -> None:
    with memory_grows_by_at_most(16, door), Peer(door.port) as peer:
        peer.associate()
        send_until_refused(peer, pdu(RELEASE_RQ, bytes(4)) * 100_000, at_most_bytes=1)
        peer.until_closed(seconds=5)


@BOTH
def test_a_deflated_bomb_is_kept_as_it_came_and_never_inflated(door: Door) -> None:
    head = new_instance().data_set
    bomb = bomb_behind(head)
    instance = new_instance(transfer_syntax_uid=DEFLATED)
    with memory_grows_by_at_most(16, door), Peer(door.port) as peer:
        peer.associate((1, CT_IMAGE, (DEFLATED,)))
        began = time.monotonic()
        uid = sop_instance_uid_in(head)
        assert peer.store(CT_IMAGE, uid, bomb) == SUCCESS
        assert time.monotonic() - began < 2
    assert data_set_of(door.path(instance.but(sop_instance_uid=uid))) == bomb


@BOTH
def test_a_deflated_bomb_before_the_uids_is_not_understood(door: Door) -> None:
    bomb = bomb_behind(element(0x00080005, b"UT", b"", length=0x7FFF_FFFE))
    with memory_grows_by_at_most(16, door), Peer(door.port) as peer:
        peer.associate((1, CT_IMAGE, (DEFLATED,)))
        assert peer.store(CT_IMAGE, "2.25.1", bomb) == CANNOT_UNDERSTAND


def bomb_behind(head: bytes) -> bytes:
    """A megabyte that inflates to a gigabyte: ``head``, and one packed block of zeros a thousand times."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    begin = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    whole = begin + block * 1024 + packer.flush()
    assert len(whole) < 2 * MEGABYTE
    return whole + b"\0" * (len(whole) % 2)


def sop_instance_uid_in(data_set: bytes) -> bytes:
    start = data_set.index(struct.pack("<HH", 0x0008, 0x0018)) + 8
    return data_set[start : start + int.from_bytes(data_set[start - 2 : start], "little")].rstrip(b"\0")


@BOTH
def test_128_contexts_in_all_transfer_syntaxes_are_negotiated_quickly(door: Door) -> None:
    contexts = [(number, CT_IMAGE, ALL_TRANSFER_SYNTAXES) for number in range(1, 256, 2)]
    with Peer(door.port) as peer:
        began = time.monotonic()
        assert set(peer.associate(*contexts).values()) == {0}
        assert time.monotonic() - began < 1
        peer.release()


@streaming_alone("has no limit for an association request")
def test_an_association_request_beyond_its_limit_is_refused_unread(door: Door) -> None:
    contexts = [(1, CT_IMAGE, [EXPLICIT] * 2500) for _ in range(10)]
    request = associate_rq(contexts)
    assert len(request) > 256 * 1024
    with Peer(door.port) as peer:
        send_until_refused(peer, request, at_most_bytes=1)
        assert_ended(peer)


# --- too slow -------------------------------------------------------------------------------------------


@streaming_alone("has no deadline for a whole PDU")
def test_an_association_request_byte_by_byte_has_a_deadline_and_others_do_not_wait(door: Door) -> None:
    request = associate_rq()
    with ExitStack() as stack:
        began = time.monotonic()
        slow = [stack.enter_context(Peer(door.port)) for _ in range(11)]
        at = 0
        while time.monotonic() - began < REQUEST_SECONDS - 0.3:
            for peer in slow:
                peer.send(request[at : at + 1])
            at += 1
            started = time.monotonic()
            door.check_canary()
            assert time.monotonic() - started < 0.5
            time.sleep(0.02)  # else a quick door has the whole request in time
        assert at < len(request)
        for peer in slow:
            peer.socket.settimeout(1)
            assert_ended(peer, seconds=LOOK_AROUND_SECONDS)
        assert time.monotonic() - began < REQUEST_SECONDS + LOOK_AROUND_SECONDS


@streaming_alone("waits for the rest of a PDU for ever")
@pytest.mark.parametrize("whole", [message(1, store_rq(CT_IMAGE, "2.25.1")), pdu(RELEASE_RQ, bytes(4))])
def test_a_pdu_that_has_begun_has_a_deadline(door: Door, whole: bytes) -> None:
    with Peer(door.port) as peer:
        peer.associate()
        began = time.monotonic()
        for byte in whole[:8]:
            peer.send(bytes([byte]))
            time.sleep(0.05)
        assert_ended(peer, seconds=PDU_SECONDS + LOOK_AROUND_SECONDS)
        assert time.monotonic() - began > PDU_SECONDS - 0.5


@BOTH
def test_whoever_connects_and_is_silent_is_let_go(door: Door) -> None:
    with Peer(door.port) as peer:
        assert_ended(peer, seconds=REQUEST_SECONDS + LOOK_AROUND_SECONDS)


@BOTH
def test_an_association_on_which_nothing_moves_is_aborted(door: Door) -> None:
    with Peer(door.port) as peer:
        peer.associate()
        assert_ended(peer, seconds=IDLE_SECONDS + LOOK_AROUND_SECONDS)


@BOTH
def test_idle_connections_do_not_shut_the_door_for_storescu(door: Door, tmp_path: Path) -> None:
    instance = new_instance()
    file = tmp_path / "instance.dcm"
    door.check_canary()
    any_file = next(door.spool.glob("studies/**/*.dcm")).read_bytes()
    meta = any_file[: 144 + int.from_bytes(any_file[140:144], "little")]
    file.write_bytes(meta + instance.data_set)
    with ExitStack() as stack:
        for number in range(30):
            idle = stack.enter_context(Peer(door.port))
            if number % 2:
                idle.associate()
        sent = subprocess.run(
            [program("storescu"), "-v", "127.0.0.1", str(door.port), str(file)],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert sent.returncode == 0, sent.stderr
    assert data_set_of(door.path(instance)) == instance.data_set


# --- other names than are allowed -----------------------------------------------------------------------

WRONG_UIDS = {
    "upwards": b"../../../../escaped",
    "absolute": b"/tmp/escaped",
    "too long": b"1." * 33 + b"1",
    "NUL within": b"1.2\0.3",
    "CR LF": b"1.2\r\n2026-01-01 00:00:00,000 receive ERROR forged",
    "letters": b"1.2.a",
    "a dot at its end": b"1.2.",
    "not ASCII": "1.2.３".encode(),
    "dots": b"..",
}


@pytest.mark.parametrize("uid", WRONG_UIDS.values(), ids=WRONG_UIDS)
@BOTH
def test_a_uid_that_is_none_is_answered_a900_and_names_no_file(door: Door, uid: bytes) -> None:
    before = door.kept()
    for which in ("sop_instance_uid", "study_instance_uid", "series_instance_uid"):
        assert answer_to(door, new_instance(**{which: uid}), sop_instance_uid=b"2.25.1") == DOES_NOT_MATCH
    assert door.kept() == before


@pytest.mark.parametrize("uid", WRONG_UIDS.values(), ids=WRONG_UIDS)
@BOTH
def test_a_uid_that_is_none_in_command_and_data_set_is_answered_a900_or_aborted(
    door: Door, uid: bytes
) -> None:
    before = door.kept()
    answer = answer_to(door, new_instance(sop_instance_uid=uid))
    if door.receiver == "stock":
        # pynetdicom aborts by itself where its own check of the command finds no UID.
        assert answer in (DOES_NOT_MATCH, ABORTED)
    else:
        assert answer == DOES_NOT_MATCH
    assert door.kept() == before


@pytest.mark.parametrize(
    "title", [b"A\r\n2026 B", b"\x1b[2J", b"a\0b", b"\xff\xfe", b"..\\..\\x", b"$(reboot)"], ids=repr
)
@BOTH
def test_a_calling_ae_title_forges_no_line(door: Door, title: bytes) -> None:
    with Peer(door.port) as peer:
        try:
            peer.associate(calling_ae_title=title)
            assert peer.store(CT_IMAGE, "2.25.1", b"") == CANNOT_UNDERSTAND
        except Closed:
            return  # refused; what was logged is checked all the same


# --- other content than was announced -------------------------------------------------------------------


@BOTH
def test_command_and_data_set_must_name_the_same_instance(door: Door) -> None:
    assert answer_to(door, new_instance(), sop_instance_uid=b"2.25.99") == DOES_NOT_MATCH


@pytest.mark.parametrize(
    ("in_command", "in_data_set"),
    [(MR_IMAGE, MR_IMAGE), (MR_IMAGE, CT_IMAGE), (CT_IMAGE, MR_IMAGE)],
)
@BOTH
def test_the_sop_class_must_be_that_of_its_context(door: Door, in_command: str, in_data_set: str) -> None:
    instance = new_instance(sop_class_uid=in_data_set.encode())
    assert answer_to(door, instance, sop_class_uid=in_command.encode()) == DOES_NOT_MATCH


@streaming_alone("aborts where it knows no service for the class, instead of saying why")
def test_a_sop_class_nobody_knows_is_not_that_of_the_context(door: Door) -> None:
    assert answer_to(door, new_instance(sop_class_uid=b"1.2.3")) == DOES_NOT_MATCH


@BOTH
def test_other_content_under_a_known_uid_goes_to_quarantine_and_the_first_is_kept(door: Door) -> None:
    first = new_instance(pixels=b"one!" * 100)
    other = first.but(pixels=b"two!" * 100)
    assert [door.take(each) for each in (first, first, other, first)] == [0, 0, DUPLICATE, 0]
    assert data_set_of(door.path(first)) == first.data_set
    [quarantined] = door.quarantined(first)
    assert data_set_of(quarantined) == other.data_set
    assert events_about(door, first) == 1


@BOTH
def test_a_known_uid_in_another_study_goes_to_quarantine(door: Door) -> None:
    first = new_instance()
    other = first.but(study_instance_uid=b"2.25.99")
    assert [door.take(first), door.take(other)] == [SUCCESS, DUPLICATE]
    assert not door.path(other).exists()
    assert data_set_of(door.path(first)) == first.data_set


def events_about(door: Door, instance: Instance) -> int:
    with closing(sqlite3.connect(f"file:{door.folder / 'ledger.sqlite3'}?mode=ro", uri=True)) as ledger:
        words = "SELECT count(*) FROM event WHERE name = 'instance.quarantined' AND subject = ?"
        return int(ledger.execute(words, [instance.sop_instance_uid.decode()]).fetchone()[0])


# --- what cannot be understood --------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@BOTH
def test_what_is_no_data_set_is_answered_c000(door: Door, syntax: str) -> None:
    sound = new_instance(transfer_syntax_uid=syntax).data_set
    wrong = [b"", bytes(5000), b"\xff" * 5000, b"GET / HTTP/1.1\r\n\r\n", sound[:30], sound[1:]]
    with Peer(door.port) as peer:
        peer.associate((1, CT_IMAGE, (syntax,)))
        answers = [peer.store(CT_IMAGE, "2.25.1", each) for each in wrong]
    assert answers == [CANNOT_UNDERSTAND] * len(wrong)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
@BOTH
def test_an_instance_cut_anywhere_in_its_header_is_answered_c000(door: Door, syntax: str) -> None:
    instance = new_instance(transfer_syntax_uid=syntax)
    header = instance.data_set[: -len(instance.pixels) - 12]
    with Peer(door.port) as peer:
        peer.associate((1, CT_IMAGE, (syntax,)))
        for end in range(1, len(header) - 2, 3):
            assert peer.store(CT_IMAGE, instance.sop_instance_uid, header[:end]) == CANNOT_UNDERSTAND, end


@pytest.mark.parametrize(
    "which", ["sop_class_uid", "sop_instance_uid", "study_instance_uid", "series_instance_uid"]
)
@BOTH
def test_an_instance_without_one_of_its_uids_is_answered_c000(door: Door, which: str) -> None:
    instance = new_instance(**{which: b""})
    sound = {"sop_class_uid": CT_IMAGE.encode(), "sop_instance_uid": b"2.25.1"}
    assert answer_to(door, instance, **sound) == CANNOT_UNDERSTAND


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@BOTH
def test_sequences_nested_too_deep_are_answered_c000(door: Door, syntax: str) -> None:
    inner = EXPLICIT if syntax == DEFLATED else syntax
    for depth in (65, 400, 2000):
        instance = new_instance(transfer_syntax_uid=syntax, before_series=nested(depth, inner))
        assert answer_to(door, instance) == CANNOT_UNDERSTAND, depth


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@BOTH
def test_sequences_of_known_length_are_passed_over_however_deep_they_are(door: Door, syntax: str) -> None:
    inner = EXPLICIT if syntax == DEFLATED else syntax
    deep = nested(1000, inner, is_length_known=True)
    instance = new_instance(transfer_syntax_uid=syntax, before_series=deep)
    assert door.take(instance) == SUCCESS
    assert data_set_of(door.path(instance)) == instance.data_set


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@BOTH
def test_sequences_nested_as_in_the_field_are_taken(door: Door, syntax: str) -> None:
    inner = EXPLICIT if syntax == DEFLATED else syntax
    instance = new_instance(transfer_syntax_uid=syntax, before_series=nested(12, inner))
    assert door.take(instance) == SUCCESS
    assert data_set_of(door.path(instance)) == instance.data_set


# --- what breaks the rules of the upper layer -----------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        by_hand.AFFECTED_SOP_CLASS_UID,
        by_hand.COMMAND_FIELD,
        by_hand.MESSAGE_ID,
        by_hand.DATA_SET_TYPE,
        by_hand.AFFECTED_SOP_INSTANCE_UID,
    ],
    ids=hex,
)
@pytest.mark.parametrize("how", ["absent", "empty"])
@streaming_alone("leaves such a request unanswered, until the association was idle for long enough")
def test_a_c_store_without_what_it_must_have_is_answered_or_aborted(
    door: Door, missing: int, how: str
) -> None:
    instance = new_instance()
    request = store_rq(CT_IMAGE, instance.sop_instance_uid)
    if how == "absent":
        del request[missing]
    else:
        request[missing] = b""
    with Peer(door.port) as peer:
        peer.associate()
        peer.send(message(1, request, instance.data_set))
        assert peer.receive(seconds=1).kind in (P_DATA, ABORT)
    assert not door.path(instance).exists()


@streaming_alone("takes it for an instance without content, refuses that, and goes on")
def test_a_c_store_that_announces_no_data_set_is_aborted(door: Door) -> None:
    with Peer(door.port) as peer:
        peer.associate()
        request = store_rq(CT_IMAGE, "2.25.1") | {by_hand.DATA_SET_TYPE: us(by_hand.NO_DATA_SET)}
        peer.send(message(1, request))
        assert_ended(peer)


def abort(peer: Peer) -> None:
    peer.abort()


def close(peer: Peer) -> None:
    peer.socket.close()


def reset(peer: Peer) -> None:
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.socket.close()


def release(peer: Peer) -> None:
    peer.send(pdu(RELEASE_RQ, bytes(4)))


def begin_another(peer: Peer) -> None:
    peer.send(message(1, store_rq(CT_IMAGE, "2.25.2")))


@pytest.mark.parametrize("way", [abort, close, reset, release, begin_another])
@BOTH
def test_an_instance_given_up_in_the_middle_leaves_nothing(door: Door, way: Any) -> None:
    instance = new_instance(pixels=bytes(MEGABYTE))
    request = message(1, store_rq(CT_IMAGE, instance.sop_instance_uid))
    begun = [p_data(pdv(1, 0, instance.data_set[:100_000]))] * 5
    before = door.kept()
    with Peer(door.port) as peer:
        peer.associate()
        peer.send(b"".join([request, *begun]))
        if door.receiver == "streaming":  # the stock one has it in memory until its end
            await_that(lambda: unfinished(door))
        way(peer)
        await_that(lambda: door.kept() == before)


def await_that(holds: Callable[[], object], *, seconds: float = 1.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def unfinished(door: Door) -> list[str]:
    return [name for name in door.kept() if name.startswith("unfinished/")]


@pytest.mark.parametrize("kind", [0x00, 0x08, 0x2A, 0xFF])
@pytest.mark.parametrize("is_associated", [False, True])
@streaming_alone("takes what follows for another PDU, and waits for its end")
def test_a_pdu_of_unknown_type_ends_the_connection(door: Door, kind: int, is_associated: bool) -> None:
    with Peer(door.port) as peer:
        if is_associated:
            peer.associate()
        peer.send(pdu(kind, b"what?"))
        assert_ended(peer)
        door.settle(seconds=1)  # its place is free for another, though this peer has not closed


@pytest.mark.parametrize(
    "content",
    [
        pdu(ASSOCIATE_RQ, bytes(10)),
        pdu(ASSOCIATE_RJ, bytes(4)),
        associate_rq(),
        p_data(pdv(1, 3, b"", length=0)),
        p_data(pdv(1, 3, b"", length=1)),
        p_data(pdv(1, 3, b"ab", length=100)),
        p_data(pdv(1, 3, b"ab"), b"\0\0"),
        p_data(pdv(1, LAST, b"a data set without its command")),
        p_data(pdv(1, COMMAND | LAST, b"")),
        p_data(pdv(1, COMMAND | LAST, b"\xff" * 40)),
        message(1, {**echo_rq(), by_hand.COMMAND_FIELD: us(0x7777)}),
        message(3, store_rq(CT_IMAGE, "2.25.1"), b"on a context nobody proposed"),
        message(0, store_rq(CT_IMAGE, "2.25.1"), b"on a context nobody may propose"),
        message(5, store_rq(CT_IMAGE, "2.25.1"), b"on a context that was refused"),
        message(5, echo_rq()),
    ],
    ids=lambda content: content[:24].hex(),
)
@BOTH
def test_what_no_peer_may_send_ends_the_association(door: Door, content: bytes) -> None:
    with Peer(door.port) as peer:
        assert peer.associate((1, CT_IMAGE, (EXPLICIT,)), (5, "1.2.3.4", (EXPLICIT,))) == {1: 0, 5: 3}
        peer.send(content)
        assert_ended(peer)


@streaming_alone("does not mind it, and ends the association only when it was idle for long enough")
def test_a_p_data_with_nothing_in_it_ends_the_association(door: Door) -> None:
    with Peer(door.port) as peer:
        peer.associate()
        peer.send(p_data())
        assert_ended(peer)


@pytest.mark.parametrize(
    "user_items",
    [
        item(0x58, b"\x02\x01" + struct.pack(">H", 4) + b"user" + struct.pack(">H", 6) + b"secret"),
        item(0x56, b"\xff" * 40),
        item(0x57, b"\xff" * 40),
        item(0x54, b"\0\xff1.2"),
        item(0x99, b"?" * 1000),
        item(0x51, b"\0"),
        item(0x52, b"\r\n" * 30, length=5000),
    ],
    ids=lambda content: content[:6].hex(),
)
@BOTH
def test_odd_user_information_is_negotiated_or_refused_and_never_logged(
    door: Door, user_items: bytes
) -> None:
    with Peer(door.port) as peer:
        peer.send(associate_rq(user_items=user_items))
        peer.end_sending()
        peer.until_closed(seconds=3)
    door.check_log("secret")


@pytest.mark.parametrize("length", [0, 2])
@BOTH
def test_a_user_identity_cut_before_its_field_ends_the_connection(door: Door, length: int) -> None:
    end_by_a_user_identity_of(length, door)


@pytest.mark.parametrize("length", [4, 6, 8, 10])
@streaming_alone("ends its thread, and the connection only when the time for a request is up")
def test_a_user_identity_cut_in_its_field_ends_the_connection(door: Door, length: int) -> None:
    end_by_a_user_identity_of(length, door)


def end_by_a_user_identity_of(length: int, door: Door) -> None:
    with Peer(door.port) as peer:
        peer.send(associate_rq(user_items=item(0x58, b"\xff" * length)))
        assert_ended(peer)


@BOTH
def test_an_instance_in_fragments_of_one_byte_is_taken(door: Door) -> None:
    instance = new_instance(pixels=b"ab")
    command = by_hand.command(store_rq(CT_IMAGE, instance.sop_instance_uid))
    pdvs = [pdv(1, COMMAND, bytes([each])) for each in command[:-1]] + [pdv(1, 3, command[-1:])]
    data = instance.data_set
    pdvs += [pdv(1, 0, bytes([each])) for each in data] + [pdv(1, LAST, b"")]
    with Peer(door.port) as peer:
        peer.associate()
        for each in pdvs:
            peer.send(p_data(each))
        assert peer.status() == SUCCESS
    assert data_set_of(door.path(instance)) == instance.data_set


def test_the_bomb_is_one() -> None:
    """What the tests above send does inflate to a gigabyte."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated, rest = 0, bomb_behind(b"head")
    while rest and inflated < 40 * MEGABYTE:
        inflated += len(inflating.decompress(rest, 8 * MEGABYTE))
        rest = inflating.unconsumed_tail
    assert inflated >= 40 * MEGABYTE
    assert len(rest) > MEGABYTE * 0.9
    assert deflated(b"head") != b"head"
