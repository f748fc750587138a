import numpy as np
import tensorflow as tf

from inference.zoo.detection.bilinear import bilinear

FIRST = np.arange(12.0, dtype=np.float32).reshape(3, 4)
SECOND = 100 + np.arange(4.0, dtype=np.float32).reshape(2, 2)
FLAT = tf.constant(np.concatenate([FIRST.ravel(), SECOND.ravel()])[None, :, None])


def _at(first, shape, row, column):
    row, column = (tf.constant([[at]], tf.float32) for at in (row, column))
    rows, columns = shape
    return bilinear(
        FLAT,
        first=tf.constant([[first]]),
        rows=tf.constant([[rows]]),
        columns=tf.constant([[columns]]),
        row=row,
        column=column,
    ).numpy()[0, 0, :, :, 0]


def test_on_centres_it_gives_the_pixels():
    np.testing.assert_array_equal(_at(0, (3, 4), [0, 1, 2], [0, 1, 2, 3]), FIRST)


def test_between_centres_it_gives_the_mean_by_distance():
    np.testing.assert_allclose(_at(0, (3, 4), [0.5, 1.25], [1.5]), [[3.5], [6.5]])


def test_another_plane_begins_where_it_is_said_to():
    np.testing.assert_allclose(_at(12, (2, 2), [0.5], [0.0, 1.0]), [[101.0, 102.0]])


def test_beyond_the_outermost_centres_the_plane_goes_on_as_it_is():
    np.testing.assert_array_equal(_at(0, (3, 4), [-0.5, 9.0], [-2.0, 3.4]), [[0.0, 3.0], [8.0, 11.0]])
