import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, JPEGLSLossless

from inference.errors import InputUnreadable
from inference.volume.native import native_reader, native_values, require_length
from inference.volume.pixel_format import pixel_format
from inference.volume.stored_instance import open_instance
from tests.unit.inference.volume.compressed import picture, pixel_format_of
from tests.unit.inference.volume.stacks import ct_slice, numbered, write


def _reader(path, frames=1):
    instance = open_instance(path)
    return native_reader(instance, pixel_format(instance.header), frames)


def test_native_frames_are_read_each_by_itself(tmp_path):
    values = numbered(3, 4, 5)
    read = _reader(write(ct_slice(values, NumberOfFrames=3), tmp_path / "instance"), 3)
    assert [read(number).tolist() for number in (3, 1)] == [values[2].tolist(), values[0].tolist()]


def test_eight_bits_in_big_endian_words_are_put_in_order(tmp_path):
    image = picture(8)
    instance = ct_slice(
        image, BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0, NumberOfFrames=2
    )
    content = np.frombuffer(image.tobytes() * 2, np.uint16).astype(">u2").tobytes()
    instance.PixelData = content
    instance["PixelData"].VR = "OW"
    read = _reader(write(instance, tmp_path / "instance", ExplicitVRBigEndian), 2)
    assert np.array_equal(read(2), image)
    as_bytes = native_values(image.tobytes(), pixel_format_of(image, 8), is_little_endian=False, vr="OB")
    assert np.array_equal(as_bytes[0], image)


@pytest.mark.parametrize(("rows", "columns"), [(4, 6), (5, 5), (3, 5), (4, 4)])
def test_rows_and_columns_that_lie_about_the_bytes(tmp_path, rows, columns):
    path = write(ct_slice(numbered(4, 5), Rows=rows, Columns=columns), tmp_path / "instance")
    with pytest.raises(InputUnreadable, match=rf"{rows} x {columns} x 1 frames need .* bytes, there are 40"):
        _reader(path)


def test_a_file_cut_off_within_its_pixels(tmp_path):
    path = write(ct_slice(numbered(4, 5)), tmp_path / "instance")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputUnreadable, match="file ends within"):
        _reader(path)


def test_a_file_cut_off_after_it_was_looked_at(tmp_path):
    path = write(ct_slice(numbered(4, 5)), tmp_path / "instance")
    read = _reader(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputUnreadable, match="file ends within"):
        read(1)


@pytest.mark.parametrize("rest", [b"", b"\0", b"x", bytes(128)])
def test_padding_is_no_lie(rest):
    require_length(15 + len(rest), pixel_format_of(np.zeros((3, 5), np.uint8), 8), 1, lambda _: rest)


@pytest.mark.parametrize("rest", [b"xx", bytes(127) + b"x", bytes(129)])
def test_more_than_padding_is_one(rest):
    expected = pixel_format_of(np.zeros((3, 5), np.uint8), 8)
    with pytest.raises(InputUnreadable, match=f"need 15 bytes, there are {15 + len(rest)}"):
        require_length(15 + len(rest), expected, 1, lambda _: rest)


def test_padding_in_a_file_is_looked_at(tmp_path):
    instance = ct_slice(numbered(4, 5))
    instance.PixelData += bytes(60)
    assert np.array_equal(_reader(write(instance, tmp_path / "padded"))(1), numbered(4, 5))
    instance.PixelData = instance.PixelData[:-1] + b"x"
    with pytest.raises(InputUnreadable, match="need 40 bytes, there are 100"):
        _reader(write(instance, tmp_path / "longer"))


def test_native_pixels_of_undefined_length_are_unreadable(tmp_path):
    instance = ct_slice(numbered(4, 5))
    instance.PixelData = encapsulate([b"ab"])
    path = write(instance, tmp_path / "instance", JPEGLSLossless)
    path.write_bytes(path.read_bytes().replace(JPEGLSLossless.encode(), b"1.2.840.10008.1.2.1\0\0\0"[:22]))
    with pytest.raises(InputUnreadable, match="without a length"):
        _reader(path)
