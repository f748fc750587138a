import struct

import numpy as np
import pytest
from pydicom.uid import RLELossless

from inference.errors import InputUnreadable
from inference.volume.rle import decode_rle
from tests.unit.inference.volume.compressed import SYNTAXES, picture, pixel_format_of


def _frame(*segments):
    at, offsets = 64, []
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    return struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(segments))) + b"".join(segments)


def test_the_first_segment_holds_the_high_bytes():
    expected = pixel_format_of(np.zeros((1, 3), np.uint16), 16)
    # Three literals; a run of three.
    assert decode_rle(_frame(b"\x02\x01\x02\x03", b"\xfe\x09"), expected).tolist() == [[0x109, 0x209, 0x309]]


def test_a_padded_segment_is_read():
    expected = pixel_format_of(np.zeros((1, 3), np.uint8), 8)
    assert decode_rle(_frame(b"\x02\x01\x02\x03\x00\x00"[:5] + b""), expected).tolist() == [[1, 2, 3]]


@pytest.mark.parametrize("bits", [8, 16])
def test_what_pydicom_wrote_is_read(bits):
    image = picture(bits)
    assert np.array_equal(
        decode_rle(SYNTAXES[RLELossless][0](image, bits), pixel_format_of(image, bits)), image
    )


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        bytes(64),
        _frame(b"\x02\x01\x02\x03"),
        _frame(b"\x02\x01\x02\x03", b"\xfe\x09", b"\xfe\x09"),
        struct.pack("<16I", 2, 64, 9999, *[0] * 13) + b"\x02\x01\x02\x03",
        struct.pack("<16I", 2, 70, 64, *[0] * 13) + bytes(20),
        struct.pack("<16I", 2, 0, 64, *[0] * 13) + bytes(20),
    ],
)
def test_segments_that_are_not_there_are_unreadable(frame):
    with pytest.raises(InputUnreadable, match="RLE frame"):
        decode_rle(frame, pixel_format_of(np.zeros((1, 3), np.uint16), 16))


def test_a_segment_that_is_too_short_is_unreadable():
    with pytest.raises(InputUnreadable, match="holds 2 of 3"):
        decode_rle(_frame(b"\xff\x09"), pixel_format_of(np.zeros((1, 3), np.uint8), 8))
