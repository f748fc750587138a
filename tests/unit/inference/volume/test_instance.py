import pytest
from pydicom.config import disable_value_validation

from inference.errors import InputUnreadable
from inference.volume.instance import read_instance
from tests.projection_image import projection_image, write


@pytest.fixture
def path(tmp_path):
    return write(projection_image(rows=64, columns=48), tmp_path / "instance")


def test_reads_an_instance(path):
    assert read_instance(path).SOPInstanceUID == "2.25.3"


def test_reads_a_bare_data_set(tmp_path):
    instance = projection_image(rows=64, columns=48)
    del instance.file_meta
    instance.save_as(tmp_path / "bare", implicit_vr=True, little_endian=True, enforce_file_format=False)
    found = read_instance(tmp_path / "bare")
    assert found.file_meta.TransferSyntaxUID.name == "Implicit VR Little Endian"
    assert found.pixel_array.shape == (64, 48)


@pytest.mark.parametrize("content", [b"", b"no DICOM at all", b"\0" * 4000, b"\0" * 128 + b"DICM"])
def test_what_is_no_instance_is_said_so(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InputUnreadable, match=r"no DICOM instance|damaged"):
        read_instance(tmp_path / "file")


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(InputUnreadable, match="FileNotFoundError"):
        read_instance(tmp_path / "absent")


def test_a_missing_uid_is_named(tmp_path):
    instance = projection_image(rows=64, columns=48, SeriesInstanceUID=None)
    with pytest.raises(InputUnreadable, match="SeriesInstanceUID"):
        read_instance(write(instance, tmp_path / "file"))


def test_cut_anywhere_it_is_read_or_refused_never_worse(path, tmp_path):
    content = path.read_bytes()
    for length in range(0, 1400, 7):
        (tmp_path / "cut").write_bytes(content[:length])
        try:
            read_instance(tmp_path / "cut")
        except InputUnreadable as error:
            assert "Jörg" not in str(error)


def _damage(path, keyword_tag, vr):
    """Give the element with this little-endian tag another VR."""
    content = path.read_bytes()
    at = content.index(keyword_tag)
    path.write_bytes(content[: at + 4] + vr + content[at + 6 :])


def test_an_attribute_that_cannot_be_read_is_left_out(path):
    _damage(path, b"\x08\x00\x60\x00CS", b"D@")
    assert "Modality" not in read_instance(path)


@pytest.mark.parametrize("tag", [b"\x10\x00\x20\x00LO", b"\x28\x00\x10\x00US"])
def test_an_attribute_that_all_rests_on_makes_the_instance_damaged(path, tag):
    _damage(path, tag, b"D@")
    with pytest.raises(InputUnreadable, match=r"damaged at \(00"):
        read_instance(path)


@pytest.mark.parametrize("value", ["1.2.x", "../../etc/passwd", "1" * 65, "1.2\n3"])
def test_a_uid_that_is_none_is_refused(tmp_path, value):
    instance = projection_image(rows=64, columns=48)
    with disable_value_validation():
        instance.SOPInstanceUID = value
        path = write(instance, tmp_path / "file")
        with pytest.raises(InputUnreadable, match="SOPInstanceUID is no UID"):
            read_instance(path)
