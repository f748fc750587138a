"""The true mask of an object as seen through a proposal (He et al. 2017, section 3.1)."""

import tensorflow as tf

from inference.zoo.detection.bilinear import bilinear
from inference.zoo.detection.roi_align import mean_of_samples, sample_points


def mask_targets(masks: tf.Tensor, boxes: tf.Tensor, truth: tf.Tensor, bins: int) -> tf.Tensor:
    """0 or 1, (n, boxes, bins, bins) float32: half a bin or more inside the mask counts as inside.

    ``masks``: (n, most, rows, columns), 0 or 1, on the image's grid. ``boxes``: (n, boxes, 4) in pixels. ``truth``:
    (n, boxes) int32, whose mask each box is to show.
    """
    most, rows, columns = masks.shape[1:]
    flat = tf.reshape(tf.cast(masks, tf.float32), (-1, most * rows * columns, 1))
    row, column = sample_points(boxes, bins)
    points = bilinear(
        flat,
        first=truth * (rows * columns),
        rows=tf.fill(tf.shape(truth), rows),
        columns=tf.fill(tf.shape(truth), columns),
        row=row - 0.5,
        column=column - 0.5,
    )
    return tf.cast(mean_of_samples(points, bins)[..., 0] >= 0.5, tf.float32)
