import numpy as np
import tensorflow as tf

from inference.zoo.detection.suppression import suppress

# The second shares two thirds with the first, the third a third with both its neighbours, the fourth nothing.
ROW = [[0, 0, 10, 10], [0, 2, 10, 12], [0, 7, 10, 17], [50, 50, 60, 60]]


def _suppress(scores, **changed):
    boxes = tf.constant([ROW], tf.float32)[:, :, tf.newaxis, :]
    choices = {"overlap_at_most": 0.5, "score_above": 0.1, "keep": 3} | changed
    return suppress(boxes, tf.constant([scores], tf.float32), **choices)


def test_of_two_that_overlap_the_better_stays_and_the_best_comes_first():
    kept = _suppress([[0.6], [0.9], [0.5], [0.7]])
    np.testing.assert_array_equal(kept.boxes[0], [ROW[1], ROW[3], ROW[2]])
    np.testing.assert_allclose(kept.scores[0], [0.9, 0.7, 0.5])
    assert kept.valid.numpy() == 3


def test_places_that_stay_empty_are_zeros_and_do_not_count():
    kept = _suppress([[0.05], [0.9], [0.05], [0.05]])
    assert kept.valid.numpy() == 1
    np.testing.assert_array_equal(kept.boxes[0, 1:], np.zeros((2, 4)))
    np.testing.assert_array_equal(kept.scores[0, 1:], [0.0, 0.0])


def test_classes_are_suppressed_each_by_itself():
    kept = _suppress([[0.6, 0.0], [0.0, 0.9], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(kept.classes[0, :2], [1, 0])
    assert kept.valid.numpy() == 2
    assert kept.classes.dtype == tf.int32


def test_only_as_many_stay_as_there_is_room_for():
    kept = _suppress([[0.6], [0.5], [0.5], [0.7]], keep=1)
    np.testing.assert_array_equal(kept.boxes, [[ROW[3]]])


def test_the_overlap_allowed_is_the_one_given():
    assert _suppress([[0.9], [0.8], [0.7], [0.6]], overlap_at_most=0.7, keep=4).valid.numpy() == 4
    assert _suppress([[0.9], [0.8], [0.7], [0.6]], overlap_at_most=0.1, keep=4).valid.numpy() == 2


def test_boxes_beyond_one_pixel_are_not_clipped():
    assert _suppress([[0.9], [0.0], [0.0], [0.0]]).boxes.numpy().max() == 10.0
