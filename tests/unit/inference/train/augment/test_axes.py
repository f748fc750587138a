import pytest

from inference.errors import TrainingRefused
from inference.train.augment.axes import number_of, require_image


@pytest.mark.parametrize(
    ("axis", "shape", "number"),
    [("rows", (4, 5), 0), ("columns", (4, 5), 1), ("slices", (3, 4, 5), 0), ("columns", (3, 4, 5), 2)],
)
def test_an_axis_has_its_number_in_images_and_in_volumes(axis, shape, number):
    assert number_of(axis, shape) == number


def test_an_image_has_no_slices():
    with pytest.raises(TrainingRefused, match="names the slices of a 2-D image; name rows or columns"):
        number_of("slices", (4, 5))


def test_what_is_for_images_is_refused_for_volumes():
    require_image((4, 5), "lines")
    with pytest.raises(TrainingRefused, match="'lines' is for 2-D images; leave it out"):
        require_image((3, 4, 5), "lines")
