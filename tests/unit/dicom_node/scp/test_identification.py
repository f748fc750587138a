import itertools
import random
import struct
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_node.scp.identification import (
    LARGEST_HEADER_BYTES,
    USUAL_HEADER_BYTES,
    Identity,
    Unacceptable,
    identify,
    read_identity,
)
from dicom_node.scp.status import Status
from tests.unit.dicom_node.given import CR_IMAGE, a_nest

IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
)
SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
SOUND = {SOP_CLASS: CR_IMAGE.encode(), SOP_INSTANCE: b"1.2.3.4", STUDY: b"1.2.5", SERIES: b"1.2.6"}
IDENTITY = Identity(
    sop_class_uid=CR_IMAGE,
    sop_instance_uid="1.2.3.4",
    study_instance_uid="1.2.5",
    series_instance_uid="1.2.6",
)


def _element(tag: int, value: bytes, *, syntax: str = EXPLICIT, vr: bytes = b"UI") -> bytes:
    value += b"\0" * (len(value) % 2)
    order = ">" if syntax == BIG_ENDIAN else "<"
    group, element = tag >> 16, tag & 0xFFFF
    if syntax == IMPLICIT:
        return struct.pack("<HHI", group, element, len(value)) + value
    if vr in (b"UN", b"SQ", b"OB"):
        return struct.pack(f"{order}HH2sHI", group, element, vr, 0, len(value)) + value
    return struct.pack(f"{order}HH2sH", group, element, vr, len(value)) + value


def _data_set(
    changes: dict[int, bytes | None] | None = None, *, syntax: str = EXPLICIT, pixels: int = 64
) -> bytes:
    """The four UIDs (as changed, or left out for None), a patient's name and some pixels."""
    values = SOUND | {0x00100010: b"Secret^Name"} | (changes or {})
    header = b"".join(
        _element(tag, value, syntax=syntax, vr=b"PN" if tag == 0x00100010 else b"UI")
        for tag, value in sorted(values.items())
        if value is not None
    )
    return header + _element(0x7FE00010, b"\x07" * pixels, syntax=syntax, vr=b"OB")


def _identify(data_set: bytes, syntax: str = EXPLICIT, **command: str) -> Identity:
    named = {"sop_class_uid": CR_IMAGE, "sop_instance_uid": "1.2.3.4"} | command
    return identify(lambda size: data_set[:size], syntax, **named)


def _refusal(data_set: bytes, syntax: str = EXPLICIT, **command: str) -> Unacceptable:
    with pytest.raises(Unacceptable) as caught:
        _identify(data_set, syntax, **command)
    assert "Secret" not in str(caught.value)
    return caught.value


def _deflate(data_set: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data_set) + deflater.flush()


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
def test_reads_every_encoding(syntax):
    assert _identify(_data_set(syntax=syntax), syntax) == IDENTITY


def test_reads_a_deflated_data_set():
    assert _identify(_deflate(_data_set()), DEFLATED) == IDENTITY


def test_compressed_pixels_are_no_hindrance():
    assert _identify(_data_set(), "1.2.840.10008.1.2.4.90") == IDENTITY


def test_reads_no_further_than_the_series():
    assert _identify(_data_set() + a_nest(500) + b"garbage") == IDENTITY


@pytest.mark.parametrize("tag", [SOP_CLASS, SOP_INSTANCE, STUDY, SERIES])
@pytest.mark.parametrize("absent", [None, b""], ids=["missing", "empty"])
def test_each_of_the_four_uids_must_be_there(tag, absent):
    refusal = _refusal(_data_set({tag: absent}))
    assert refusal.status == Status.CANNOT_UNDERSTAND
    assert "the data set has no " in str(refusal)


@pytest.mark.parametrize(
    "uid",
    [
        b"../../../etc/cron.d/x",
        b"/etc/passwd",
        b"1." + b"2" * 63,
        b"1.2.3\x00.4",
        b"1.2\r\n3",
        b"1.2.",
        b".1",
        b"1..2",
        b"1.2.3\\1.2.4",
        b"one",
        "1.٢".encode(),
    ],
)
@pytest.mark.parametrize("tag", [STUDY, SERIES])
def test_what_is_no_uid_is_not_believed(tag, uid):
    refusal = _refusal(_data_set({tag: uid}))
    assert refusal.status == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS
    assert "is no UID" in str(refusal)
    assert ".." not in str(refusal)


def test_what_was_kept_says_who_it_is_without_a_command():
    kept = _data_set()
    assert read_identity(lambda size: kept[:size], EXPLICIT) == IDENTITY


@pytest.mark.parametrize("tag", [SOP_CLASS, SOP_INSTANCE])
def test_without_a_command_too_every_uid_is_checked(tag):
    wrong = _data_set({tag: b"../../../etc/cron.d/x"})
    with pytest.raises(Unacceptable, match="is no UID"):
        read_identity(lambda size: wrong[:size], EXPLICIT)


def test_a_uid_of_sixty_four_characters_is_one():
    longest = "1." + "2" * 62
    assert _identify(_data_set({STUDY: longest.encode()})).study_instance_uid == longest


@pytest.mark.parametrize(
    "command", [{"sop_instance_uid": "1.2.3.5"}, {"sop_class_uid": "1.2.840.10008.5.1.4.1.1.2"}]
)
def test_command_and_data_set_must_agree(command):
    refusal = _refusal(_data_set(), **command)
    assert refusal.status == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS
    assert "command and data set" in str(refusal)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED])
def test_wherever_it_is_cut_it_is_refused_and_nothing_else_is_raised(syntax):
    header_bytes = len(_data_set(syntax=syntax, pixels=0)) - (8 if syntax == IMPLICIT else 12)
    for length in range(header_bytes - 1):
        cut = _data_set(syntax=syntax)[:length]
        refusal = _refusal(_deflate(cut) if syntax == DEFLATED else cut, syntax)
        assert refusal.status in (Status.CANNOT_UNDERSTAND, Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS), length


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED])
@pytest.mark.parametrize("content", [b"", b"\x00", b"GIF89a" * 50, b"\xff" * 300, b"\x00" * 300])
def test_garbage_is_not_understood(syntax, content):
    assert _refusal(content, syntax).status == Status.CANNOT_UNDERSTAND


def test_a_value_representation_that_does_not_exist_is_not_understood():
    wrong = _data_set().replace(b"\x08\x00\x18\x00UI", b"\x08\x00\x18\x00U\x00")
    assert _refusal(wrong).status == Status.CANNOT_UNDERSTAND


def test_a_sender_that_names_an_explicit_syntax_and_sends_the_implicit_form_is_understood():
    assert _identify(_data_set(syntax=IMPLICIT), EXPLICIT) == IDENTITY
    assert _identify(_data_set(syntax=IMPLICIT), "1.2.840.10008.1.2.4.90") == IDENTITY
    assert _identify(_deflate(_data_set(syntax=IMPLICIT)), DEFLATED) == IDENTITY


@pytest.mark.parametrize(
    ("sent", "said"),
    [(EXPLICIT, IMPLICIT), (IMPLICIT, BIG_ENDIAN), (EXPLICIT, BIG_ENDIAN), (BIG_ENDIAN, EXPLICIT)],
)
def test_any_other_form_than_the_one_agreed_is_not_understood(sent, said):
    assert _refusal(_data_set(syntax=sent), said).status == Status.CANNOT_UNDERSTAND


@settings(max_examples=300, deadline=None)
@given(
    syntax=st.sampled_from([IMPLICIT, EXPLICIT, BIG_ENDIAN]),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_whatever_bytes_come_the_answer_is_an_identity_or_a_refusal(syntax, flips):
    content = bytearray(_data_set(syntax=syntax))
    for place, byte in flips:
        content[place % len(content)] = byte
    try:
        found = _identify(bytes(content), syntax)
    except Unacceptable:
        return
    assert found.sop_instance_uid == "1.2.3.4"


@pytest.mark.parametrize("wrapped", [bytes, _deflate], ids=["plain", "deflated"])
def test_sequences_nested_too_deep_are_not_understood(wrapped: Callable[[bytes], bytes]):
    nest = a_nest(500).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x15\x11SQ")  # before the study's UID
    refusal = _refusal(wrapped(nest + _data_set()), EXPLICIT if wrapped is bytes else DEFLATED)
    assert refusal.status == Status.CANNOT_UNDERSTAND
    assert str(refusal) == "the data set's header cannot be read: its sequences are nested too deep"


def test_a_modest_nest_is_read():
    head, tail = (
        _data_set({STUDY: None, SERIES: None}, pixels=0),
        _data_set({SOP_CLASS: None, SOP_INSTANCE: None}),
    )
    nest = a_nest(16).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x15\x11SQ")
    without_pixels = head[: head.index(b"\x10\x00\x10\x00PN")]
    assert _identify(without_pixels + nest + tail) == IDENTITY


def test_as_a_rule_only_the_beginning_of_the_file_is_read():
    asked = []
    data_set = _data_set(pixels=1 << 20)

    def read(size):
        asked.append(size)
        return data_set[:size]

    identify(read, EXPLICIT, sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.4")
    assert asked == [USUAL_HEADER_BYTES]


@pytest.mark.parametrize("filler_bytes", [USUAL_HEADER_BYTES, LARGEST_HEADER_BYTES - 1000])
@pytest.mark.parametrize("wrapped", [bytes, _deflate], ids=["plain", "deflated"])
def test_a_long_header_is_read_to_its_end(filler_bytes, wrapped):
    filler = {0x00091010: random.Random(1).randbytes(60_000)} if wrapped is _deflate else {}
    long = _data_set(filler) if filler else _with_private_bytes(filler_bytes)
    assert _identify(wrapped(long), EXPLICIT if wrapped is bytes else DEFLATED) == IDENTITY


def test_a_header_longer_than_a_megabyte_is_not_understood():
    refusal = _refusal(_with_private_bytes(LARGEST_HEADER_BYTES))
    assert (refusal.status, str(refusal)) == (Status.CANNOT_UNDERSTAND, "the data set ends within its header")


def _with_private_bytes(count: int) -> bytes:
    """(0009,1010) OB of so many bytes, before the study's UID."""
    whole = _data_set()
    at = whole.index(b"\x10\x00\x10\x00PN")
    return whole[:at] + struct.pack("<HH2sHI", 0x0009, 0x1010, b"OB", 0, count) + bytes(count) + whole[at:]


@pytest.fixture
def peak_bytes():
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_deflated_bomb_after_the_header_is_inflated_to_a_megabyte_and_no_further(peak_bytes):
    bomb = _deflate_zeros(_data_set(pixels=0), megabytes=64)
    assert _identify(bomb, DEFLATED) == IDENTITY
    assert peak_bytes() < 16 << 20


def test_a_deflated_bomb_before_the_uids_is_not_understood(peak_bytes):
    filler = struct.pack("<HH2sHI", 0x0007, 0x1010, b"UN", 0, 64 << 20)
    bomb = _deflate_zeros(filler, megabytes=64, then=_data_set())
    assert _refusal(bomb, DEFLATED).status == Status.CANNOT_UNDERSTAND
    assert peak_bytes() < 16 << 20


def _deflate_zeros(before: bytes, *, megabytes: int, then: bytes = b"") -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS, level=1)
    zeros = itertools.repeat(bytes(1 << 20), megabytes)
    parts = [before, *zeros, then]
    return b"".join(deflater.compress(part) for part in parts) + deflater.flush()
