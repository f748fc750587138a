import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_node.scp.upper_layer.pdu_reader import (
    LARGEST_OTHER_PDU_BYTES,
    PduInvalid,
    PduReader,
)
from tests.unit.dicom_node.scp.upper_layer.pdus import COMMAND, DATA_SET, LAST, RELEASE_RQ, p_data, pdu, pdv

LARGEST_P_DATA_BYTES = 1 << 17


class Heard:
    """All that was told, pieces of one fragment joined: into how many it is cut is the network's affair."""

    def __init__(self):
        self.told = []
        self._views = []

    def on_fragment(self, context_id, is_command, fragment):
        assert len(fragment) > 0
        if not (self.told and self.told[-1][:3] == ["fragment", context_id, is_command]):
            self.told.append(["fragment", context_id, is_command, b""])
        self._views.append((self.told[-1], fragment))

    def on_bytes_end(self):
        """The views are looked at only now: until then they must be what they were."""
        for told, fragment in self._views:
            told[3] += bytes(fragment)
        self._views.clear()

    def on_message_end(self, context_id, is_command):
        self.told.append(["end", context_id, is_command])

    def on_other_pdu(self, pdu):
        assert isinstance(pdu, bytes)
        self.told.append(["pdu", pdu])


def _reader(heard, **options):
    return PduReader(heard, largest_p_data_bytes=LARGEST_P_DATA_BYTES, **options)


def _feed(reader, content):
    """As a socket would: never more than there is room for."""
    while content:
        count = min(len(content), len(reader.free))
        assert count > 0, "no room left for the bytes of a legal PDU"
        reader.free[:count] = content[:count]
        reader.feed(count)
        content = content[count:]


def _heard(*pieces, **options):
    heard = Heard()
    reader = _reader(heard, **options)
    for piece in pieces:
        _feed(reader, piece)
    return heard.told


def test_a_fragment_and_the_end_of_its_message_are_told():
    assert _heard(p_data(pdv(1, COMMAND | LAST, b"abc"))) == [
        ["fragment", 1, True, b"abc"],
        ["end", 1, True],
    ]


def test_only_the_last_fragment_ends_a_message():
    told = _heard(p_data(pdv(1, DATA_SET, b"ab")), p_data(pdv(1, DATA_SET, b"cd"), pdv(1, LAST, b"e")))
    assert told == [["fragment", 1, False, b"abcde"], ["end", 1, False]]


def test_several_values_in_one_pdu_are_told_in_their_order():
    told = _heard(p_data(pdv(3, COMMAND | LAST, b"c"), pdv(3, LAST, b"d"), pdv(5, COMMAND, b"e")))
    assert told == [
        ["fragment", 3, True, b"c"],
        ["end", 3, True],
        ["fragment", 3, False, b"d"],
        ["end", 3, False],
        ["fragment", 5, True, b"e"],
    ]


def test_an_empty_fragment_says_nothing_but_that_it_was_the_last():
    assert _heard(p_data(pdv(1, DATA_SET, b""), pdv(1, LAST, b""))) == [["end", 1, False]]


def test_a_pdu_of_another_kind_is_told_whole():
    assert _heard(RELEASE_RQ + pdu(7, b"1234") + pdu(99, b"")) == [
        ["pdu", RELEASE_RQ],
        ["pdu", pdu(7, b"1234")],
        ["pdu", pdu(99, b"")],
    ]


_values = st.builds(
    pdv,
    st.integers(0, 255),
    st.sampled_from([COMMAND, DATA_SET, COMMAND | LAST, LAST]),
    st.binary(max_size=40),
)
_streams = st.lists(
    st.one_of(
        st.lists(_values, min_size=1, max_size=4).map(lambda values: p_data(*values)),
        st.builds(pdu, st.sampled_from([1, 2, 5, 6, 7, 0, 8, 255]), st.binary(max_size=40)),
    ),
    max_size=6,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(stream=_streams, cuts=st.lists(st.integers(0, 2000), max_size=30))
def test_however_a_stream_is_cut_the_same_is_told(stream, cuts):
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[start:end] for start, end in pairwise(places)]
    whole, cut, bytewise = Heard(), Heard(), Heard()
    readers = [_reader(heard) for heard in (whole, cut, bytewise)]
    _feed(readers[0], stream)
    for piece in pieces:
        _feed(readers[1], piece)
    for place in range(len(stream)):
        _feed(readers[2], stream[place : place + 1])
    assert whole.told == cut.told == bytewise.told
    assert all(reader.is_between_pdus for reader in readers)
    assert len({reader.pdus_begun for reader in readers}) == 1


@settings(max_examples=300, deadline=None)
@given(stream=st.binary(max_size=400), cut=st.integers(0, 400))
def test_whatever_comes_is_told_or_refused(stream, cut):
    told = []
    for pieces in ([stream], [stream[:cut], stream[cut:]]):
        heard = Heard()
        reader = _reader(heard)
        try:
            for piece in pieces:
                _feed(reader, piece)
            told.append((heard.told, "taken"))
        except PduInvalid as error:
            heard.on_bytes_end()
            told.append((heard.told, str(error)))
    assert told[0] == told[1]


@settings(max_examples=200, deadline=None)
@given(stream=_streams, place=st.integers(0, 400), byte=st.integers(0, 255), cut=st.integers(0, 400))
def test_one_wrong_byte_is_no_other_error_than_a_refusal(stream, place, byte, cut):
    content = bytearray(stream or RELEASE_RQ)
    content[place % len(content)] = byte
    reader = _reader(Heard())
    try:
        _feed(reader, bytes(content[:cut]))
        _feed(reader, bytes(content[cut:]))
    except PduInvalid:
        return
    assert len(reader.free) > 0


@pytest.mark.parametrize("length", [0, 1, 5, LARGEST_P_DATA_BYTES + 1, 0xFFFFFFFF])
def test_a_p_data_of_no_possible_length_is_refused_by_its_first_six_bytes(length):
    reader = _reader(Heard())
    with pytest.raises(PduInvalid, match=f"a P-DATA-TF of {length} bytes"):
        _feed(reader, pdu(4, b"", length=length))


def test_the_longest_p_data_we_announced_is_taken():
    content = b"x" * (LARGEST_P_DATA_BYTES - 6)
    told = _heard(p_data(pdv(1, LAST, content)))
    assert told == [["fragment", 1, False, content], ["end", 1, False]]


@pytest.mark.parametrize("kind", [1, 5, 7, 200])
def test_another_pdu_that_is_too_long_is_refused_by_its_first_six_bytes(kind):
    reader = _reader(Heard())
    with pytest.raises(PduInvalid, match=f"a PDU of type {kind} with {LARGEST_OTHER_PDU_BYTES + 1} bytes"):
        _feed(reader, pdu(kind, b"", length=LARGEST_OTHER_PDU_BYTES + 1))


def test_the_longest_other_pdu_finds_room_even_in_the_smallest_buffer():
    longest = pdu(1, b"x" * LARGEST_OTHER_PDU_BYTES)
    told = _heard(RELEASE_RQ, longest, p_data(pdv(1, LAST, b"y")), buffer_bytes=1)
    assert told == [["pdu", RELEASE_RQ], ["pdu", longest], ["fragment", 1, False, b"y"], ["end", 1, False]]


@pytest.mark.parametrize("length", [0, 1])
def test_a_value_too_short_for_its_own_header_is_refused(length):
    with pytest.raises(PduInvalid, match=f"a presentation data value of {length} bytes"):
        _heard(p_data(pdv(1, LAST, b"abcd", length=length)))


@pytest.mark.parametrize("length", [7, 1000, 0xFFFFFFFF])
def test_a_value_longer_than_its_pdu_is_refused_before_any_of_it_is_told(length):
    heard = Heard()
    with pytest.raises(
        PduInvalid, match=f"a presentation data value of {length} bytes in a PDU with 10 left"
    ):
        _feed(_reader(heard), p_data(pdv(1, LAST, b"abcd", length=length)))
    assert heard.told == []


@pytest.mark.parametrize("trailing", [1, 3, 5])
def test_bytes_behind_the_last_value_are_refused(trailing):
    heard = Heard()
    with pytest.raises(PduInvalid, match="bytes that belong to no presentation data value"):
        _feed(_reader(heard), p_data(pdv(1, LAST, b"abcd"), b"\0" * trailing))
    assert heard.told == []


def test_a_message_longer_than_the_buffer_goes_through_it():
    content = bytes(range(256)) * 8192  # 2 MiB
    pieces = [content[start : start + 100_000] for start in range(0, len(content), 100_000)]
    stream = b"".join(p_data(pdv(1, DATA_SET, piece)) for piece in pieces) + p_data(pdv(1, LAST, b""))
    assert _heard(stream, buffer_bytes=1) == [["fragment", 1, False, content], ["end", 1, False]]


def test_it_knows_whether_it_is_between_pdus():
    reader = _reader(Heard())
    assert reader.is_between_pdus
    stream = p_data(pdv(1, LAST, b"abcd"))
    for byte in stream[:-1]:
        _feed(reader, bytes([byte]))
        assert not reader.is_between_pdus
    _feed(reader, stream[-1:])
    assert reader.is_between_pdus


def test_it_counts_the_p_data_that_have_begun():
    reader = _reader(Heard())
    stream = p_data(pdv(1, DATA_SET, b"abcd"))
    _feed(reader, stream[:7])
    assert reader.pdus_begun == 1
    _feed(reader, stream[7:] + stream + struct.pack(">BBI", 4, 0, 100))
    assert reader.pdus_begun == 3


def test_it_knows_how_much_of_a_p_data_is_missing():
    """Whoever waits for so many bytes waits for nothing that may not come."""
    reader = _reader(Heard())
    stream = p_data(pdv(1, DATA_SET, b"abcd"), pdv(1, LAST, b"efghij"))
    for place in range(len(stream)):
        whole_is_known = place >= 6
        assert reader.bytes_missing == (len(stream) - place if whole_is_known else -place)
        _feed(reader, stream[place : place + 1])
    assert reader.bytes_missing == 0


def test_between_pdus_and_in_one_that_is_no_p_data_nothing_is_known_to_be_missing():
    reader = _reader(Heard())
    assert reader.bytes_missing == 0
    _feed(reader, p_data(pdv(1, LAST, b"abcd")) + RELEASE_RQ[:7])
    assert reader.bytes_missing <= 0
    _feed(reader, RELEASE_RQ[7:])
    assert reader.bytes_missing == 0


@settings(max_examples=200, deadline=None)
@given(stream=_streams, cut=st.integers(0, 2000))
def test_never_more_is_missing_than_the_peer_must_send(stream, cut):
    """Else a wait for it would have no end: here the peer sends nothing behind its last PDU."""
    reader = _reader(Heard())
    _feed(reader, stream[:cut])
    assert reader.bytes_missing <= len(stream[cut:])
    _feed(reader, stream[cut:])
    assert reader.bytes_missing == 0


def test_the_end_of_the_bytes_is_told_behind_all_that_is_in_them():
    order = []

    class Ordered(Heard):
        def on_fragment(self, *about):
            order.append("fragment")

        def on_message_end(self, *about):
            order.append("end")

        def on_bytes_end(self):
            order.append("bytes end")

    _feed(_reader(Ordered()), p_data(pdv(1, DATA_SET, b"ab"), pdv(1, LAST, b"cd")))
    assert order == ["fragment", "fragment", "end", "bytes end"]
