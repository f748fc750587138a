import pytest
from pydicom.dataset import Dataset

from inference.errors import GeometryRefused
from inference.volume.plane import plane_of
from tests.unit.inference.volume.stacks import ct_slice, numbered


def _plane(**attributes):
    header = ct_slice(numbered(2, 2), position=(1, 2, 3), **attributes)
    return plane_of(header, header, header)


def test_reads_the_attributes_of_the_image_plane():
    plane = _plane(ImageOrientationPatient=[0, 1, 0, 0, 0, -1], PixelSpacing=[0.5, 0.7])
    assert plane.position == (1, 2, 3)
    assert (plane.along_row, plane.along_column) == ((0, 1, 0), (0, 0, -1))
    assert (plane.between_rows_mm, plane.between_columns_mm) == (0.5, 0.7)


def test_each_part_may_come_from_a_data_set_of_its_own():
    header = ct_slice(numbered(2, 2))
    with pytest.raises(GeometryRefused, match="ImagePositionPatient"):
        plane_of(Dataset(), header, header)
    with pytest.raises(GeometryRefused, match="ImageOrientationPatient"):
        plane_of(header, Dataset(), header)
    with pytest.raises(GeometryRefused, match="PixelSpacing"):
        plane_of(header, header, Dataset())


@pytest.mark.parametrize("keyword", ["ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"])
@pytest.mark.parametrize("value", [None, "", [1]])
def test_missing_geometry_says_what_to_do(keyword, value):
    with pytest.raises(GeometryRefused, match=rf"no {keyword} .* Send the images as the modality made them"):
        _plane(**{keyword: value})


@pytest.mark.parametrize("spacing", [[0, 0.7], [0.5, -0.7]])
def test_a_spacing_that_cannot_be_is_refused(spacing):
    with pytest.raises(GeometryRefused, match="none can be"):
        _plane(PixelSpacing=spacing)


@pytest.mark.parametrize(
    "cosines", [[1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 2, 0], [1, 0, 0, 0.1, 0.995, 0]]
)
def test_directions_that_are_no_directions_are_refused(cosines):
    with pytest.raises(GeometryRefused, match="unit vectors at right angles"):
        _plane(ImageOrientationPatient=cosines)


def test_rounded_cosines_pass():
    assert _plane(ImageOrientationPatient=[0.9994, 0, 0, 0, 1.0006, 0]).along_row == (0.9994, 0, 0)
