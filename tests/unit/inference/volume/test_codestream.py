import struct

import imagecodecs
import pytest

from inference.errors import InputUnreadable
from inference.volume.codestream import require_whole_jpeg, require_whole_jpeg_2000
from tests.unit.inference.volume.compressed import picture, pixel_format_of

IMAGE = picture(12)
EXPECTED = pixel_format_of(IMAGE, 12)
JPEG_LS = imagecodecs.jpegls_encode(IMAGE)
JPEG = imagecodecs.jpeg8_encode(IMAGE, lossless=True, bitspersample=12)
JPEG_2000 = imagecodecs.jpeg2k_encode(IMAGE, level=0, reversible=True, codecformat="j2k", bitspersample=12)


@pytest.mark.parametrize("codestream", [JPEG, JPEG_LS, JPEG + b"\0", JPEG_LS + b"\0\0"])
def test_whole_jpeg_passes(codestream):
    require_whole_jpeg(codestream, EXPECTED)


def test_whole_jpeg_2000_passes():
    require_whole_jpeg_2000(JPEG_2000, EXPECTED)
    in_a_file = imagecodecs.jpeg2k_encode(IMAGE, level=0, reversible=True, codecformat="jp2")
    require_whole_jpeg_2000(in_a_file, EXPECTED)


@pytest.mark.parametrize(
    ("codestream", "reason"),
    [
        (b"", "does not begin"),
        (JPEG_2000, "does not begin"),
        (JPEG[:-2], "cut off"),
        (JPEG[:100], "cut off"),
        (b"\xff\xd8\xff\xd9", "how large"),
        (b"\xff\xd8\xff\xe0\xff\xff" + b"\xff\xd9", "how large"),
        (b"\xff\xd8" + b"\xff" * 40 + b"\xff\xd9", "how large"),
    ],
)
def test_jpeg_that_is_none_or_not_whole(codestream, reason):
    with pytest.raises(InputUnreadable, match=reason):
        require_whole_jpeg(codestream, EXPECTED)


def _with_frame(precision, rows, columns, components):
    segment = struct.pack(">HBHHB", 8 + 3 * components, precision, rows, columns, components)
    return b"\xff\xd8\xff\xc3" + segment + bytes(3 * components) + b"\xff\xd9"


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ((12, 65535, 65535, 1), "65535 x 65535 with 1 components"),
        ((12, 37, 54, 1), "37 x 54"),
        ((12, 37, 53, 3), "3 components"),
        ((17, 37, 53, 1), "17 bits"),
    ],
)
def test_a_jpeg_frame_that_says_other_than_the_header(frame, reason):
    with pytest.raises(InputUnreadable, match=reason):
        require_whole_jpeg(_with_frame(*frame), EXPECTED)


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [(8, 2**31, "x 2147483648 with"), (12, 38, "38 x 53"), (16, 1, "37 x 52")],
)
def test_a_jpeg_2000_frame_that_says_other_than_the_header(at, value, reason):
    lying = bytearray(JPEG_2000)
    lying[at : at + 4] = struct.pack(">I", value)
    with pytest.raises(InputUnreadable, match=reason):
        require_whole_jpeg_2000(bytes(lying), EXPECTED)


@pytest.mark.parametrize("codestream", [b"", JPEG, JPEG_2000[:40]])
def test_jpeg_2000_that_is_none(codestream):
    with pytest.raises(InputUnreadable, match="does not begin as JPEG 2000"):
        require_whole_jpeg_2000(codestream, EXPECTED)
