import struct

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from inference.volume.attributes import number, numbers, whole_number, word, words


def _raw(keyword, vr, value, little=True):
    tag = Tag(keyword)
    return Dataset({tag: RawDataElement(tag, vr, len(value or b""), value, 0, False, little)})


def _read(**attributes):
    header = Dataset()
    for keyword, value in attributes.items():
        setattr(header, keyword, value)
    return header


@pytest.mark.parametrize(
    "header",
    [_raw("ImagePositionPatient", "DS", b"-1.5\\ 2e1 \\3 "), _read(ImagePositionPatient=[-1.5, 20, 3])],
    ids=["as encoded", "as read"],
)
def test_numbers_are_read_encoded_or_not(header):
    assert numbers(header, "ImagePositionPatient") == (-1.5, 20, 3)
    assert number(header, "ImagePositionPatient") is None


@pytest.mark.parametrize(
    "value", [b"", None, b"1\\x\\3", b"1\\\\3", b"nan\\1\\2", b"1\\inf\\2", b"1,5\\2\\3"]
)
def test_what_is_no_number_is_none(value):
    assert numbers(_raw("ImagePositionPatient", "DS", value), "ImagePositionPatient") is None


def test_what_is_absent_is_none():
    assert numbers(Dataset(), "PixelSpacing") is None
    assert whole_number(Dataset(), "Rows") is None
    assert (words(Dataset(), "ImageType"), word(Dataset(), "ImageType")) == ((), "")


@pytest.mark.parametrize("little", [True, False])
def test_binary_numbers_follow_the_byte_order(little):
    header = _raw("Rows", "US", struct.pack("<H" if little else ">H", 512), little)
    assert whole_number(header, "Rows") == 512
    assert number(header, "Rows") == 512


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x01\x00\x02\x00"])
def test_binary_numbers_of_another_length_are_none(value):
    assert whole_number(_raw("Rows", "US", value), "Rows") is None


@pytest.mark.parametrize(("text", "expected"), [(b"12 ", 12), (b"12.0", 12), (b"1.5", None), (b"1A", None)])
def test_whole_numbers_in_text(text, expected):
    assert whole_number(_raw("NumberOfFrames", "IS", text), "NumberOfFrames") == expected


def test_words_lose_the_spaces_around_them():
    header = _raw("ImageType", "CS", b"ORIGINAL\\PRIMARY \\LOCALIZER ")
    assert words(header, "ImageType") == ("ORIGINAL", "PRIMARY", "LOCALIZER")
    assert word(_raw("SOPInstanceUID", "UI", b"1.2.3\0"), "SOPInstanceUID") == "1.2.3"
    assert words(_read(ImageType=["A", "B"]), "ImageType") == ("A", "B")
