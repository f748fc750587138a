import numpy as np
import tensorflow as tf

from inference.zoo.detection.mask_loss import mask_loss
from inference.zoo.detection.pupils import Pupils

MASKS = np.zeros((1, 1, 16, 16), np.uint8)
MASKS[0, 0, :8] = 1  # the upper half
PUPILS = Pupils(
    boxes=tf.constant([[[0.0, 0.0, 16.0, 16.0], [4.0, 4.0, 12.0, 12.0]]]),
    truth=tf.constant([[0, 0]]),
    positive=tf.constant([[True, False]]),
    chosen=tf.constant([[True, True]]),
)


def _logits(upper, lower):
    """For the class that counts; the other class says the contrary, and so does what is not positive."""
    own = np.concatenate([np.full((2, 4), upper), np.full((2, 4), lower)]).astype(np.float32)
    both = np.stack([-own, own], axis=-1)
    return tf.constant(np.stack([both, -both]))


def test_the_right_mask_costs_nothing():
    assert float(mask_loss(_logits(30.0, -30.0), PUPILS, tf.constant(MASKS), tf.constant([[1]]))) < 1e-5


def test_the_wrong_class_and_the_wrong_half_cost():
    logits = _logits(30.0, -30.0)
    np.testing.assert_allclose(mask_loss(logits, PUPILS, tf.constant(MASKS), tf.constant([[0]])), 30.0)
    np.testing.assert_allclose(
        mask_loss(_logits(30.0, 30.0), PUPILS, tf.constant(MASKS), tf.constant([[1]])), 15.0
    )
