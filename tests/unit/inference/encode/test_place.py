import numpy as np
import pytest

from inference.encode.place import ds, place_of
from tests.unit.inference.encode.given import AXIAL, read_phantom


@pytest.mark.parametrize("is_enhanced", [False, True])
def test_the_place_is_the_source_s_own(tmp_path, is_enhanced):
    volume = read_phantom(tmp_path / "series", is_enhanced=is_enhanced)
    place = place_of(volume)
    assert place.orientation == AXIAL
    assert place.pixel_spacing == (0.8, 0.8)
    assert (place.slice_thickness_mm, place.between_slices_mm, place.is_tilted) == (2, 2, False)
    assert np.allclose(place.positions, volume.affine[:3, 3] + np.outer(range(5), volume.affine[:3, 0]))


def test_a_tilted_stack_is_measured_along_its_normal(tmp_path):
    place = place_of(read_phantom(tmp_path / "series", step=(0, 1.5, 2.0)))
    assert place.between_slices_mm == pytest.approx(2)
    assert place.is_tilted


@pytest.mark.parametrize("thickness", [None, 0, ""])
def test_a_thickness_that_is_none_is_the_distance(tmp_path, thickness):
    volume = read_phantom(tmp_path / "series", SliceThickness=5)
    if thickness is None:
        del volume.sources[0].SliceThickness
    else:
        volume.sources[0].SliceThickness = thickness
    assert place_of(volume).slice_thickness_mm == 2


def test_numbers_have_at_most_sixteen_letters():
    text = ds((-123.456789012345678, 1 / 3, 1e-7))
    assert all(len(each) <= 16 for each in text.split("\\"))
    assert [float(each) for each in text.split("\\")] == pytest.approx([-123.456789012345678, 1 / 3, 1e-7])
