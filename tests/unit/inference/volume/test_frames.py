import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import (
    MPEG2MPML,
    ExplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from inference.errors import InputUnreadable
from inference.volume.frames import (
    encoded_frames,
    frame_reader,
    is_encapsulated,
    number_of_frames,
)
from inference.volume.pixel_format import pixel_format
from inference.volume.stored_instance import open_instance
from tests.unit.inference.volume.compressed import SYNTAXES, picture
from tests.unit.inference.volume.stacks import ct_slice, numbered, with_attributes, write


def _reader(path, frames=1):
    instance = open_instance(path)
    return frame_reader(instance, pixel_format(instance.header), frames)


@pytest.mark.parametrize("syntax", [JPEGLSLossless, RLELossless])
def test_encapsulated_frames_are_read_each_by_itself(tmp_path, syntax):
    images = [picture(16), picture(16)[::-1].copy()]
    instance = ct_slice(np.stack(images), PixelRepresentation=0, NumberOfFrames=2)
    instance.PixelData = encapsulate([SYNTAXES[syntax][0](image, 16) for image in images])
    read = _reader(write(instance, tmp_path / "instance", syntax), 2)
    assert np.array_equal(read(1), images[0])
    assert np.array_equal(read(2), images[1])


def test_fragments_of_one_frame_are_joined():
    assert encoded_frames(encapsulate([b"abcdefgh"], fragments_per_frame=2), 1) == [b"abcdefgh"]


@pytest.mark.parametrize(
    ("value", "frames"),
    [
        (b"", 1),
        (b"\0" * 20, 1),
        (encapsulate([b"ab", b"cd"]), 3),
        (encapsulate([b"ab", b"cd"]), 1),
        (encapsulate([b"ab", b"cd"], has_bot=False), 3),
        (encapsulate([b"ab"])[:-3], 2),
    ],
)
def test_fragments_that_are_damaged_or_not_so_many(value, frames):
    with pytest.raises(InputUnreadable, match="pixel data cannot be decoded"):
        encoded_frames(value, frames)


def test_which_transfer_syntaxes_are_encapsulated():
    assert is_encapsulated(JPEGLSLossless)
    assert not is_encapsulated(ExplicitVRLittleEndian)
    for syntax, name in ((MPEG2MPML, "MPEG2"), ("1.2.840.113619.5.2", "not read")):
        with pytest.raises(InputUnreadable, match=name):
            is_encapsulated(syntax)


@pytest.mark.parametrize(("value", "frames"), [("", 1), (1, 1), (7, 7)])
def test_number_of_frames(value, frames):
    assert number_of_frames(with_attributes(ct_slice(numbered(4, 5)), {"NumberOfFrames": value})) == frames


@pytest.mark.parametrize("value", [0, -3])
def test_a_number_of_frames_that_is_none(value):
    with pytest.raises(InputUnreadable, match="NumberOfFrames"):
        number_of_frames(ct_slice(numbered(4, 5), NumberOfFrames=value))
