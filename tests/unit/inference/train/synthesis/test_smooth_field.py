import numpy as np
import pytest

from inference.train.synthesis.smooth_field import field_of, random_points

SPACING = np.array([2.0, 2.0, 2.0])


def test_equal_points_give_that_value_everywhere():
    # The weights of a B-spline sum to 1 at every place.
    field = field_of(np.full((4, 5, 6), 3.0, np.float32), (7, 9, 11))
    np.testing.assert_allclose(field, 3.0, rtol=1e-5)


def test_points_on_a_line_give_a_line():
    # Cubic B-splines reproduce polynomials up to the third degree, a ramp among them.
    ramp = np.broadcast_to(np.arange(7, dtype=np.float32)[:, None, None], (7, 4, 4))
    field = field_of(ramp, (9, 3, 3))[:, 1, 1]
    np.testing.assert_allclose(np.diff(field), 0.5, atol=1e-5)


def test_is_smooth_from_voxel_to_voxel():
    field = field_of(random_points((32, 32, 32), SPACING, 32.0, np.random.default_rng(0)), (32, 32, 32))
    assert np.abs(np.diff(field, axis=0)).max() < 0.2 * np.ptp(field)


@pytest.mark.parametrize(("between_mm", "spans"), [(62.0, 1), (31.0, 2), (10.0, 7)])
def test_points_lie_as_near_as_asked_for(between_mm, spans):
    points = random_points((32, 2, 2), SPACING, between_mm, np.random.default_rng(0))
    assert points.shape == (spans + 3, 4, 4)
