import numpy as np
import pytest

from inference.measure.volume import volume


def test_a_box_has_its_voxels_times_the_determinant(subject, affine):
    mask = np.zeros((6, 7, 8))
    mask[1:4, 2:6, 3:8] = 1
    assert volume(subject(mask, affine)) == pytest.approx(3 * 4 * 5 * abs(np.linalg.det(affine[:3, :3])))


def test_a_box_on_a_tilted_grid_is_as_large_as_on_an_upright_one(subject):
    tilted = np.array([[0, 0, 0.5, 0], [1.2, 0.5, 0, 0], [3.0, 0, 0, 0], [0, 0, 0, 1]])
    assert volume(subject(np.ones((2, 4, 4)), tilted)) == pytest.approx(2 * 3.0 * 4 * 0.5 * 4 * 0.5)


@pytest.mark.parametrize("half_axes_mm", [(20, 20, 20), (24, 12, 16)])
def test_a_ball_and_an_ellipsoid_have_theirs(subject, affine, ellipsoid, half_axes_mm):
    expected = 4 / 3 * np.pi * np.prod(half_axes_mm)
    assert volume(subject(ellipsoid(affine, half_axes_mm), affine)) == pytest.approx(expected, rel=0.01)


def test_nothing_takes_no_room(subject):
    assert volume(subject(np.zeros((2, 3, 4)))) == 0
