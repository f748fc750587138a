import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from inference.errors import InputUnreadable
from inference.volume.attributes import numbers, whole_number
from inference.volume.stored_instance import open_instance
from tests.unit.inference.volume.stacks import ct_slice, numbered, write

VALUES = numbered(4, 5)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_header_and_place_of_the_pixels_whatever_the_encoding(tmp_path, syntax):
    instance = ct_slice(VALUES, position=(1, 2, 3), number=7)
    path = write(instance, tmp_path / "instance", syntax)
    found = open_instance(path)
    assert (found.sop_instance_uid, found.transfer_syntax_uid) == ("2.25.97", syntax)
    assert found.is_little_endian == (syntax != ExplicitVRBigEndian)
    assert numbers(found.header, "ImagePositionPatient") == (1, 2, 3)
    assert whole_number(found.header, "Columns") == 5
    assert "PatientName" not in found.header
    content = path.read_bytes()
    assert found.pixels_length == 40
    assert content[found.pixels_at : found.pixels_at + 40] == instance.PixelData


def test_a_header_longer_than_what_is_read_at_once(tmp_path):
    instance = ct_slice(VALUES)
    instance.add_new(0x00091001, "UT", "x" * 100_000)
    found = open_instance(write(instance, tmp_path / "instance"))
    assert found.path.read_bytes()[found.pixels_at :] == VALUES.tobytes()


def test_deflated_is_refused_unopened(tmp_path):
    instance = ct_slice(VALUES)
    with pytest.raises(InputUnreadable, match=r"Deflated .* ask for another transfer syntax"):
        open_instance(write(instance, tmp_path / "instance", DeflatedExplicitVRLittleEndian))


def test_without_pixels_it_is_said_so(tmp_path):
    path = write(ct_slice(VALUES), tmp_path / "instance")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\xe0\x7f\x10\x00")])
    with pytest.raises(InputUnreadable, match="holds no Pixel Data"):
        open_instance(path)


@pytest.mark.parametrize("content", [b"", b"no DICOM at all", bytes(4000)])
def test_what_is_no_instance_is_said_so(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InputUnreadable):
        open_instance(tmp_path / "file")


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(InputUnreadable, match="FileNotFoundError"):
        open_instance(tmp_path / "absent")


def test_a_missing_uid_is_named(tmp_path):
    with pytest.raises(InputUnreadable, match="SeriesInstanceUID"):
        open_instance(write(ct_slice(VALUES, SeriesInstanceUID=None), tmp_path / "instance"))
