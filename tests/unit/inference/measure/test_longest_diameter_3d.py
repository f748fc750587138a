import numpy as np
import pytest

from inference.measure.longest_diameter_3d import longest_diameter_3d


def test_a_box_is_as_long_as_its_longest_diagonal(subject, affine):
    mask = np.zeros((8, 9, 10))
    mask[1:4, 2:7, 3:9] = 1
    edges = affine[:3, :3] * [3, 5, 6]
    signs = np.array(np.meshgrid([1], [-1, 1], [-1, 1])).reshape(3, -1)
    expected = np.linalg.norm(edges @ signs, axis=0).max()
    assert longest_diameter_3d(subject(mask, affine)) == pytest.approx(expected)


@pytest.mark.parametrize("half_axes_mm", [(20, 20, 20), (24, 12, 16), (10, 12, 25)])
def test_a_ball_and_an_ellipsoid_are_within_a_voxels_diagonal(subject, affine, ellipsoid, half_axes_mm):
    found = longest_diameter_3d(subject(ellipsoid(affine, half_axes_mm), affine))
    voxel = np.linalg.norm(np.abs(affine[:3, :3]).sum(axis=1))
    assert 2 * max(half_axes_mm) - voxel <= found <= 2 * max(half_axes_mm) + voxel


def test_only_the_largest_part_counts(subject):
    mask = np.zeros((9, 9, 9))
    mask[0:2, 0:2, 0:2] = 1
    mask[8, 8, 8] = 1
    assert longest_diameter_3d(subject(mask)) == pytest.approx(2 * np.sqrt(3))


def test_a_voxel_is_as_long_as_its_diagonal_and_nothing_has_no_length(subject):
    assert longest_diameter_3d(subject(np.ones((1, 1, 1)), np.diag([3.0, 4.0, 12.0, 1]))) == pytest.approx(13)
    assert longest_diameter_3d(subject(np.zeros((2, 3, 4)))) is None
