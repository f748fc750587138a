"""A box as what moves and stretches another one: what the two stages learn to tell (Ren et al. 2015, equation 2)."""

import math

import tensorflow as tf

STANDARD_DEVIATIONS = (0.1, 0.1, 0.2, 0.2)
"""Shifts and logarithms are divided by these, so that the loss sees values near 1 (Fast R-CNN's released settings)."""

LARGEST_STRETCH = math.log(1000 / 16)
"""A young network may ask for e to the hundred times; this is as far as it gets."""

SMALLEST_SIDE = 1e-3
"""In pixels; so that an empty box, as padding is, has a logarithm."""


def encode(boxes: tf.Tensor, anchors: tf.Tensor) -> tf.Tensor:
    """(…, 4) shifts of the centre in units of the anchor's sides, and logarithms of the stretch of its sides."""
    centre, sides = _centre_and_sides(boxes)
    anchor_centre, anchor_sides = _centre_and_sides(anchors)
    code = tf.concat([(centre - anchor_centre) / anchor_sides, tf.math.log(sides / anchor_sides)], axis=-1)
    return code / tf.constant(STANDARD_DEVIATIONS, code.dtype)


def decode(code: tf.Tensor, anchors: tf.Tensor) -> tf.Tensor:
    """(…, 4) boxes: the inverse of ``encode``, as long as no side is stretched beyond 62.5 times."""
    code = code * tf.constant(STANDARD_DEVIATIONS, code.dtype)
    centre, sides = _centre_and_sides(anchors)
    moved = centre + code[..., :2] * sides
    half = sides * tf.exp(tf.minimum(code[..., 2:], LARGEST_STRETCH)) / 2
    return tf.concat([moved - half, moved + half], axis=-1)


def clip(boxes: tf.Tensor, rows: int, columns: int) -> tf.Tensor:
    """(…, 4) the part of each box that lies in an image (rows, columns)."""
    return tf.clip_by_value(boxes, 0.0, tf.constant([rows, columns, rows, columns], boxes.dtype))


def _centre_and_sides(boxes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    sides = tf.maximum(boxes[..., 2:] - boxes[..., :2], SMALLEST_SIDE)
    return (boxes[..., :2] + boxes[..., 2:]) / 2, sides
