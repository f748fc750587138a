from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEGLSLossless

from inference.volume.elements import KEPT_KEYWORDS, read_head
from tests.unit.inference.volume.stacks import ct_slice, numbered, write


@pytest.fixture
def content(tmp_path):
    return write(ct_slice(numbered(4, 5)), tmp_path / "instance").read_bytes()


def test_a_real_header_is_read_as_pydicom_reads_it():
    path = str(get_testdata_file("CT_small.dcm"))
    with open(path, "rb") as file:  # noqa: PTH123 - pydicom gives names
        content = file.read()
    head, expected = read_head(content), dcmread(path)
    found = Dataset(head.elements)
    kept = [keyword for keyword in KEPT_KEYWORDS if keyword in expected]
    assert len(kept) > 20
    assert {keyword: found[keyword].value for keyword in kept} == {
        keyword: expected[keyword].value for keyword in kept
    }
    assert len(found) == len(kept)
    assert content[head.pixels_at : head.pixels_at + head.pixels_length] == expected.PixelData
    assert (head.transfer_syntax_uid, head.pixels_vr) == (expected.file_meta.TransferSyntaxUID, "OW")


def test_encapsulated_pixels_have_no_length(tmp_path):
    instance = ct_slice(numbered(4, 5))
    instance.PixelData = b"\xfe\xff\x00\xe0" + bytes(4)
    head = read_head(write(instance, tmp_path / "instance", JPEGLSLossless).read_bytes())
    assert (head.pixels_length, head.transfer_syntax_uid) == (None, JPEGLSLossless)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_encodings_are_left_to_pydicom(tmp_path, syntax):
    assert read_head(write(ct_slice(numbered(4, 5)), tmp_path / "instance", syntax).read_bytes()) is None


def test_sequences_of_undefined_length_are_left_to_pydicom(tmp_path):
    instance = ct_slice(numbered(4, 5), ReferencedStudySequence=Sequence([Dataset()]))
    instance["ReferencedStudySequence"].is_undefined_length = True
    assert read_head(write(instance, tmp_path / "instance").read_bytes()) is None


def test_a_bare_data_set_is_left_to_pydicom():
    buffer = BytesIO()
    ct_slice(numbered(4, 5)).save_as(buffer, implicit_vr=False, little_endian=True, enforce_file_format=False)
    assert read_head(buffer.getvalue()) is None


def test_cut_before_the_pixels_it_gives_none(content):
    at = read_head(content).pixels_at
    assert read_head(content[:at]) is not None
    for length in range(at):
        assert read_head(content[:length]) is None


def test_other_pixel_data_and_unknown_vrs_give_none(content):
    assert read_head(content.replace(b"\xe0\x7f\x10\x00OW", b"\xe0\x7f\x08\x00OW")) is None
    assert read_head(content.replace(b"\x28\x00\x10\x00US", b"\x28\x00\x10\x00??")) is None


def test_a_transfer_syntax_that_says_otherwise_is_believed(content):
    assert read_head(content.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.2\0")) is None
