import numpy as np
import pytest

from inference.measure.longest_diameter import longest_diameter


def test_a_box_is_as_long_as_the_diagonal_of_its_slice(subject, affine):
    mask = np.zeros((8, 9, 10))
    mask[1:4, 2:7, 3:9] = 1
    edges = affine[:3, 1:3] * [5, 6]
    expected = max(np.linalg.norm(edges @ [1, 1]), np.linalg.norm(edges @ [1, -1]))
    assert longest_diameter(subject(mask, affine)) == pytest.approx(expected)


def test_it_is_measured_where_the_area_is_largest(subject):
    mask = np.zeros((3, 20, 20))
    mask[0, 5:9, 5:9] = 1
    mask[1, 5, 2:14] = 1  # longer, but of less area
    assert longest_diameter(subject(mask)) == pytest.approx(4 * np.sqrt(2))


def test_of_slices_of_one_area_the_first_counts(subject):
    mask = np.zeros((2, 20, 20))
    mask[0, 5:9, 5:9] = 1
    mask[1, 5, 2:18] = 1
    assert longest_diameter(subject(mask)) == pytest.approx(4 * np.sqrt(2))


def test_a_ball_has_its_diameter_within_a_pixel(subject, ellipsoid):
    affine = np.array([[0, 0, 0.5, 0], [0.6, 0.75, 0, 0], [2.0, 0, 0, 0], [0, 0, 0, 1]])
    found = longest_diameter(subject(ellipsoid(affine, (20, 20, 20)), affine))
    assert found == pytest.approx(40, abs=np.hypot(0.5, 0.75))


def test_only_the_largest_part_counts(subject):
    mask = np.zeros((9, 9))
    mask[0:2, 0:2] = mask[8, 8] = 1
    assert longest_diameter(subject(mask)) == pytest.approx(2 * np.sqrt(2))


def test_a_line_of_pixels_and_nothing(subject):
    line = np.zeros((5, 9))
    line[2] = 1
    assert longest_diameter(subject(line, np.diag([1.0, 2.0, 0.5, 1.0]))) == pytest.approx(np.hypot(2, 4.5))
    assert longest_diameter(subject(np.zeros((3, 4)))) is None
