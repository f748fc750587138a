"""A few candidates of each image to learn from, positive and negative in proportion (Ren et al. 2015, 3.1.3)."""

import tensorflow as tf


def sample(
    positive: tf.Tensor, negative: tf.Tensor, noise: tf.Tensor, *, count: int, positive_share: float
) -> tf.Tensor:
    """(n, candidates) bool: at most ``count`` of each image, of them at most ``positive_share`` positive.

    Where positives are missing negatives take their places. ``noise`` (n, candidates), uniform in 0..1, decides who
    is drawn, the smallest first: chance comes from the caller.
    """
    drawn = _first(positive, noise, tf.constant(int(count * positive_share)))
    left = count - tf.reduce_sum(tf.cast(drawn, tf.int32), axis=1, keepdims=True)
    return drawn | _first(negative, noise, left)


def _first(which: tf.Tensor, noise: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    order = tf.argsort(tf.where(which, noise, 2.0), axis=1)
    rank = tf.argsort(order, axis=1)
    return which & (rank < count)
