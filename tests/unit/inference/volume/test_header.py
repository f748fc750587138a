import pytest

from inference.errors import InputUnreadable
from inference.volume.header import read_header
from tests.projection_image import projection_image


def test_reads_what_the_gate_asks_for():
    header = read_header(projection_image(rows=70, columns=90, bits_stored=8))
    assert (header.rows, header.columns, header.frames, header.bits_allocated) == (70, 90, 1, 8)
    assert (header.photometric_interpretation, header.has_pixels) == ("MONOCHROME2", True)


def test_number_of_frames_may_be_empty():
    assert read_header(projection_image(NumberOfFrames="")).frames == 1


def test_several_frames_are_counted():
    assert read_header(projection_image(NumberOfFrames=3)).frames == 3


def test_pixels_may_be_absent():
    assert not read_header(projection_image(PixelData=None)).has_pixels


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated"])
def test_a_missing_number_is_named(keyword):
    with pytest.raises(InputUnreadable, match=f"no readable {keyword}"):
        read_header(projection_image(**{keyword: None}))
