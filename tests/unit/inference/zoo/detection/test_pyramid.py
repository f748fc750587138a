import keras
import numpy as np

from inference.zoo.detection.pyramid import pyramid


def _built(channels=4):
    fine, coarse = keras.Input((8, 8, 3)), keras.Input((4, 4, 5))
    return keras.Model([fine, coarse], pyramid([fine, coarse], channels))


def test_levels_keep_the_grids_and_share_the_channels():
    assert [level.shape for level in _built().outputs] == [(None, 8, 8, 4), (None, 4, 4, 4)]


def test_the_fine_level_knows_what_the_coarse_one_saw_and_not_the_other_way_round():
    network = _built()
    fine, coarse = np.ones((1, 8, 8, 3), np.float32), np.ones((1, 4, 4, 5), np.float32)
    plain = network([fine, coarse])
    of_coarse, of_fine = network([fine, coarse * 2]), network([fine * 2, coarse])
    assert not np.allclose(plain[0], of_coarse[0])
    assert not np.allclose(plain[0], of_fine[0])
    assert not np.allclose(plain[1], of_coarse[1])
    np.testing.assert_array_equal(plain[1], of_fine[1])
