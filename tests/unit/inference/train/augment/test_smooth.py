import numpy as np
import pytest

from inference.train.augment.smooth import _basis, draw_smooth


@pytest.mark.parametrize(("size", "knots"), [(64, 4), (50, 7), (9, 12)])
def test_the_control_points_share_every_voxel(size, knots):
    basis = _basis(size, knots)
    np.testing.assert_allclose(basis.sum(axis=1), 1, atol=1e-6)
    assert (basis >= -1e-7).all()
    # A spline over control points on a straight line is that line.
    line = basis @ np.arange(knots, dtype=np.float32)
    np.testing.assert_allclose(np.diff(line), (knots - 3) / size, atol=1e-4)


@pytest.mark.parametrize("shape", [(64, 48), (20, 24, 28)])
def test_fields_are_smooth_and_of_the_spread_that_is_asked_for(shape):
    fields = np.stack([draw_smooth(shape, 6, 2.0, np.random.default_rng(seed)) for seed in range(60)])
    assert fields.shape == (60, *shape)
    assert fields.dtype == np.float32
    assert 0.4 < fields.std() < 2.0
    assert np.abs(np.diff(fields, axis=1)).max() < 1.0 * 6 / min(shape) * 4
