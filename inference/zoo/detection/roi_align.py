"""What the features say inside a box, on a grid of a fixed size (Mask R-CNN, He et al., ICCV 2017, arXiv:1703.06870).

Nothing is rounded: each bin is the mean of 2 x 2 points, and each point lies between the centres of four cells.
"""

from collections.abc import Sequence

import tensorflow as tf

from inference.zoo.detection.bilinear import bilinear
from inference.zoo.detection.overlap import area

SAMPLES = 2
"""Points along each side of a bin, as in the paper's best case (table 2c)."""

CELLS = 14
"""A box of 14 cells a side is read at its level: 224 pixels at a stride of 16 (Lin et al. 2017, equation 1)."""


def roi_align(
    features: Sequence[tf.Tensor], boxes: tf.Tensor, *, strides: Sequence[int], bins: int
) -> tf.Tensor:
    """(n, boxes, bins, bins, channels) of the pyramid ``features``, finest first: (n, rows, columns, channels) each.

    ``boxes``: (n, boxes, 4) in pixels of the image; a cell of the level with stride s is s x s pixels. Each box is
    read from the one level that its size asks for.
    """
    level = levels_of(boxes, strides)
    shapes = [(grid.shape[1], grid.shape[2]) for grid in features]
    flat = tf.concat([_in_one_row(grid) for grid in features], axis=1)
    begins = [sum(r * c for r, c in shapes[:number]) for number in range(len(shapes))]
    stride = tf.gather(tf.constant(strides, boxes.dtype), level)[..., tf.newaxis]
    row, column = sample_points(boxes, bins)
    points = bilinear(
        flat,
        first=tf.gather(tf.constant(begins), level),
        rows=tf.gather(tf.constant([r for r, _ in shapes]), level),
        columns=tf.gather(tf.constant([c for _, c in shapes]), level),
        row=row / stride - 0.5,
        column=column / stride - 0.5,
    )
    return mean_of_samples(points, bins)


def levels_of(boxes: tf.Tensor, strides: Sequence[int]) -> tf.Tensor:
    """(n, boxes) int32: which of ``strides``, each twice the one before, a box is read at."""
    wanted = tf.math.log(tf.maximum(tf.sqrt(area(boxes)), 1e-3) / (CELLS * strides[0])) / tf.math.log(2.0)
    # The little more: a logarithm of exactly twice may come out as 0.9999999.
    return tf.clip_by_value(tf.cast(tf.floor(wanted + 1e-4), tf.int32), 0, len(strides) - 1)


def sample_points(boxes: tf.Tensor, bins: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Rows and columns of the points, (n, boxes, bins * SAMPLES) each, in pixels, evenly spread over the box."""
    count = bins * SAMPLES
    share = (tf.range(count, dtype=boxes.dtype) + 0.5) / count
    low, high = boxes[..., :2, tf.newaxis], boxes[..., 2:, tf.newaxis]
    points = low + (high - low) * share
    return points[..., 0, :], points[..., 1, :]


def mean_of_samples(points: tf.Tensor, bins: int) -> tf.Tensor:
    """(n, boxes, bins * SAMPLES, bins * SAMPLES, channels) to (n, boxes, bins, bins, channels)."""
    images, boxes, channels = tf.shape(points)[0], tf.shape(points)[1], points.shape[-1]
    apart = tf.reshape(points, (images, boxes, bins, SAMPLES, bins, SAMPLES, channels))
    return tf.reduce_mean(apart, axis=(3, 5))


def _in_one_row(grid: tf.Tensor) -> tf.Tensor:
    return tf.reshape(grid, (-1, grid.shape[1] * grid.shape[2], grid.shape[3]))
