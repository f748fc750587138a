import numpy as np
import tensorflow as tf

from inference.zoo.detection.overlap import area, overlaps


def test_each_with_each_by_hand():
    first = tf.constant([[[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]]])
    second = tf.constant([[[0.0, 0.0, 10.0, 10.0], [0.0, 5.0, 10.0, 15.0], [5.0, 5.0, 10.0, 10.0]]])
    np.testing.assert_allclose(overlaps(first, second), [[[1.0, 1 / 3, 0.25], [0.0, 0.0, 0.0]]])


def test_boxes_that_touch_share_nothing():
    assert overlaps(tf.constant([[0.0, 0.0, 4.0, 4.0]]), tf.constant([[4.0, 0.0, 8.0, 4.0]])).numpy() == 0.0


def test_empty_boxes_overlap_nothing_not_even_themselves():
    assert overlaps(tf.zeros((1, 4)), tf.zeros((1, 4))).numpy() == 0.0


def test_an_area_is_never_negative():
    boxes = tf.constant([[1.0, 2.0, 4.0, 8.0], [4.0, 8.0, 1.0, 2.0], [4.0, 2.0, 1.0, 8.0]])
    np.testing.assert_array_equal(area(boxes), [18.0, 0.0, 0.0])
