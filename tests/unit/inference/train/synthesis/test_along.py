import numpy as np
import pytest

from inference.train.synthesis.along import along


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_matrix_acts_on_the_one_axis(axis):
    values = np.random.default_rng(1).standard_normal((3, 4, 5)).astype(np.float32)
    matrix = np.random.default_rng(2).standard_normal((2, values.shape[axis])).astype(np.float32)
    wanted = np.moveaxis(np.tensordot(matrix, values, axes=(1, axis)), 0, axis)
    np.testing.assert_allclose(along(matrix, values, axis), wanted, rtol=1e-4, atol=1e-5)


def test_stays_in_single_precision():
    assert along(np.ones((2, 3), np.float32), np.ones((3, 2, 2), np.float32), 0).dtype == np.float32
