import itertools

import numpy as np
import pytest

from inference.errors import InputUnreadable
from inference.volume.pixel_format import PixelFormat, pixel_format
from tests.unit.inference.volume.stacks import ct_slice, numbered


def _format(allocated, stored, high_bit, signed):
    return PixelFormat(
        rows=1, columns=4, bits_allocated=allocated, bits_stored=stored, high_bit=high_bit, is_signed=signed
    )


@pytest.mark.parametrize(
    ("stored", "signed", "noise"), itertools.product(range(1, 17), [False, True], [False, True])
)
def test_every_depth_at_every_place_in_its_word(stored, signed, noise):
    allocated = 8 if stored <= 8 else 16
    for high_bit in range(stored - 1, allocated):
        low = -(2 ** (stored - 1)) if signed else 0
        values = np.array([low, 0, low + 2**stored - 1, low + 2 ** (stored - 1)])
        shift = high_bit + 1 - stored
        raw = (values & (2**stored - 1)) << shift
        if noise:  # what lies outside of the value is none of it
            raw |= (2**allocated - 1) & ~((2**stored - 1) << shift)
        raw = raw.astype(f"u{allocated // 8}")
        assert _format(allocated, stored, high_bit, signed).as_stored(raw).tolist() == values.tolist()


def test_what_a_codec_gave_with_a_sign_of_its_own_is_put_right():
    decoded = np.array([-1, 5], np.int16)
    assert _format(16, 12, 11, False).as_stored(decoded).tolist() == [4095, 5]
    assert _format(16, 12, 11, True).as_stored(np.array([4095, 5], np.uint16)).tolist() == [-1, 5]
    assert _format(16, 8, 7, False).as_stored(np.array([255, 5], np.uint8)).dtype == np.uint16


def test_reads_the_header():
    found = pixel_format(ct_slice(numbered(4, 5), BitsStored=12, HighBit=None))
    assert found == PixelFormat(
        rows=4, columns=5, bits_allocated=16, bits_stored=12, high_bit=11, is_signed=True
    )
    assert found.frame_bytes == 40


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated", "BitsStored", "PixelRepresentation"])
def test_a_missing_number_is_named(keyword):
    with pytest.raises(InputUnreadable, match=f"no readable {keyword}"):
        pixel_format(ct_slice(numbered(4, 5), **{keyword: None}))


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"Rows": 0}, "0 x 5 pixels"),
        ({"Rows": 65535, "Columns": 65535}, "65535 x 65535 pixels; it cannot be"),
        ({"BitsAllocated": 32}, "32 Bits Allocated"),
        ({"BitsStored": 0}, "0 Bits Stored"),
        ({"BitsStored": 12, "HighBit": 10}, "12 Bits Stored with High Bit 10"),
        ({"HighBit": 16}, "High Bit 16"),
        ({"SamplesPerPixel": 3}, "grayscale is read"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "PALETTE COLOR; grayscale is read"),
    ],
)
def test_what_cannot_be_is_refused(attributes, reason):
    with pytest.raises(InputUnreadable, match=reason):
        pixel_format(ct_slice(numbered(4, 5), **attributes))
