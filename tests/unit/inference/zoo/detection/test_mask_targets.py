import numpy as np
import tensorflow as tf

from inference.zoo.detection.mask_targets import mask_targets

MASKS = np.zeros((1, 2, 16, 24), np.uint8)
MASKS[0, 0, 4:12, 4:12] = 1
MASKS[0, 1, 4:12, 12:20] = 1


def _seen(box, truth, bins=4):
    return mask_targets(
        tf.constant(MASKS), tf.constant([[box]], tf.float32), tf.constant([[truth]]), bins
    ).numpy()[0, 0]


def test_a_box_around_its_own_object_is_full():
    np.testing.assert_array_equal(_seen([4, 4, 12, 12], 0), np.ones((4, 4)))


def test_the_mask_is_that_of_the_object_it_is_matched_to():
    np.testing.assert_array_equal(_seen([4, 4, 12, 12], 1), np.zeros((4, 4)))
    np.testing.assert_array_equal(_seen([4, 12, 12, 20], 1), np.ones((4, 4)))


def test_half_a_box_beside_the_object_is_empty():
    seen = _seen([4, 4, 12, 20], 0)
    np.testing.assert_array_equal(seen, np.tile([1, 1, 0, 0], (4, 1)))
