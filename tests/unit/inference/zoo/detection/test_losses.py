import numpy as np
import tensorflow as tf

from inference.zoo.detection import losses


def test_cross_entropy_is_the_logarithm_of_what_was_said():
    logits = tf.constant([0.0, np.log(3.0), -np.log(3.0)], tf.float32)
    wanted = [np.log(2), -np.log(0.75), -np.log(0.75)]
    np.testing.assert_allclose(losses.cross_entropy(tf.constant([1.0, 1.0, 0.0]), logits), wanted, rtol=1e-5)


def test_focal_weighs_by_the_square_of_the_mistake():
    logits = tf.constant([np.log(3.0), np.log(3.0)], tf.float32)  # a probability of 0.75
    wanted = [0.25 * 0.25**2 * -np.log(0.75), 0.75 * 0.75**2 * -np.log(0.25)]
    np.testing.assert_allclose(losses.focal(tf.constant([1.0, 0.0]), logits), wanted, rtol=1e-5)


def test_classes_compete_and_focus_forgives_what_is_easy():
    logits = tf.math.log(tf.constant([[0.5, 0.3, 0.2]]))
    plain = losses.class_cross_entropy(tf.constant([1]), logits)
    np.testing.assert_allclose(plain, [-np.log(0.3)], rtol=1e-5)
    focused = losses.class_cross_entropy(tf.constant([1]), logits, focus=2.0)
    np.testing.assert_allclose(focused, [0.7**2 * -np.log(0.3)], rtol=1e-5)


def test_smooth_l1_is_square_near_and_straight_far_without_a_step():
    np.testing.assert_allclose(
        losses.smooth_l1(tf.constant([0.0, 0.5, -0.5, 1.0, -3.0])), [0.0, 0.125, 0.125, 0.5, 2.5]
    )


def test_the_mean_is_over_those_chosen_and_nothing_where_none_is():
    values = tf.constant([[1.0, 2.0], [4.0, 8.0]])
    assert losses.mean_over(values, tf.constant([[True, False], [True, False]])).numpy() == 2.5
    assert losses.mean_over(values, tf.zeros((2, 2), tf.bool)).numpy() == 0.0
