"""Intersection over union of each box with each other."""

import tensorflow as tf


def overlaps(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    """(…, n, 4) and (…, m, 4) to (…, n, m), 0 to 1. Two empty boxes do not overlap: 0."""
    a, b = first[..., :, tf.newaxis, :], second[..., tf.newaxis, :, :]
    shared = tf.minimum(a[..., 2:], b[..., 2:]) - tf.maximum(a[..., :2], b[..., :2])
    intersection = tf.reduce_prod(tf.maximum(shared, 0.0), axis=-1)
    return tf.math.divide_no_nan(intersection, area(a) + area(b) - intersection)


def area(boxes: tf.Tensor) -> tf.Tensor:
    """(…, 4) to (…) square pixels; 0 for a box whose corners are exchanged."""
    return tf.reduce_prod(tf.maximum(boxes[..., 2:] - boxes[..., :2], 0.0), axis=-1)
