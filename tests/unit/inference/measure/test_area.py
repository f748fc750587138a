import numpy as np
import pytest

from inference.measure.area import area


def test_pixels_times_their_area(subject):
    mask = np.zeros((5, 6))
    mask[1:3, 1:5] = 1
    assert area(subject(mask, np.diag([1.0, 0.5, 0.25, 1.0]))) == pytest.approx(8 * 0.125)


def test_an_ellipse_has_its_area(subject):
    rows, columns = np.indices((201, 301))
    ellipse = ((rows - 100) * 0.5 / 40) ** 2 + ((columns - 150) * 0.25 / 30) ** 2 <= 1
    assert area(subject(ellipse, np.diag([1.0, 0.5, 0.25, 1.0]))) == pytest.approx(np.pi * 40 * 30, rel=2e-3)


def test_the_plane_of_a_slice_may_lie_anywhere(subject, affine):
    expected = np.linalg.norm(np.cross(affine[:3, 1], affine[:3, 2])) * 12
    assert area(subject(np.ones((3, 4)), affine)) == pytest.approx(expected)
