import numpy as np

from inference.postprocess.most_probable import BLOCK_VOXELS, most_probable


def test_it_is_numpys_argmax_over_more_than_one_block():
    maps = np.random.default_rng(0).random((3, 170, 171, 5), np.float32)
    assert maps.shape[0] * maps.shape[1] * maps.shape[2] > 2 * BLOCK_VOXELS
    labels = most_probable(maps, {k: 10 * k for k in range(5)}, 0.0)
    assert labels.dtype == np.uint8
    assert np.array_equal(labels, 10 * np.argmax(maps, axis=-1))


def test_only_those_named_take_part_and_the_first_of_equals_wins():
    maps = np.array([[0.9, 0.5, 0.5], [0.1, 0.2, 0.6], [0.4, 0.0, 0.0]], np.float32)
    assert most_probable(maps, {2: 7, 1: 8}, 0.0).tolist() == [7, 7, 0]


def test_what_is_not_above_is_nothing():
    maps = np.array([[0.5], [0.6]], np.float32)
    assert most_probable(maps, {0: 1}, 0.5).tolist() == [0, 1]
