import numpy as np
import pytest
from scipy import ndimage

from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.turn_plane import turn_plane

PLANE = ndimage.gaussian_filter(np.random.default_rng(0).random((40, 56)), 2).astype(np.float32)


@pytest.mark.parametrize(
    "motion",
    [
        around_centre(np.array([[0.9, -0.3], [0.2, 1.1]]), PLANE.shape),
        Motion(matrix=np.eye(2), offset=np.array([3.25, -4.5])),
        around_centre(np.diag([0.5, 2.0]), PLANE.shape),
    ],
    ids=["turned", "shifted", "stretched"],
)
def test_it_equals_a_general_resampling(motion):
    where = motion.old_of_grid(PLANE.shape)
    general = ndimage.map_coordinates(PLANE, where, np.float32, order=1, mode="constant", cval=-1.0)
    turned = turn_plane(PLANE, motion, -1.0)
    assert turned.dtype == np.float32
    inside = general != -1.0
    np.testing.assert_allclose(turned[inside], general[inside], atol=2e-4)
    far = np.any((where < -0.51) | (where > np.array(PLANE.shape)[:, None, None] - 0.49), axis=0)
    np.testing.assert_array_equal(turned[far], -1.0)
    assert far.any()
