import numpy as np
import pytest
import tensorflow as tf

from inference.zoo.detection.roi_align import levels_of, roi_align

BOXES = np.array([[[16.0, 24.0, 58.0, 38.0], [9.0, 11.0, 23.0, 88.5], [40.0, 40.0, 41.0, 42.0]]], np.float32)


def _ramp(rows, columns, stride):
    """What each cell's centre has for a row, a column and a sum, in pixels of the image: (1, rows, columns, 3)."""
    row, column = np.meshgrid(
        (np.arange(rows) + 0.5) * stride, (np.arange(columns) + 0.5) * stride, indexing="ij"
    )
    return np.stack([row, column, 2 * row - 3 * column + 1], axis=-1)[None].astype(np.float32)


@pytest.mark.parametrize("strides", [(4,), (4, 8), (2, 4, 8)])
def test_a_ramp_is_read_exactly_at_the_centres_of_the_bins(strides):
    bins = 7
    features = [tf.constant(_ramp(64 // stride, 96 // stride, stride)) for stride in strides]
    found = roi_align(features, tf.constant(BOXES), strides=strides, bins=bins)
    assert found.shape == (1, 3, bins, bins, 3)
    share = (np.arange(bins) + 0.5) / bins
    for box, read in zip(BOXES[0], found[0].numpy(), strict=True):
        row, column = np.meshgrid(
            box[0] + share * (box[2] - box[0]), box[1] + share * (box[3] - box[1]), indexing="ij"
        )
        np.testing.assert_allclose(read[..., 0], row, atol=1e-3)
        np.testing.assert_allclose(read[..., 1], column, atol=1e-3)
        np.testing.assert_allclose(read[..., 2], 2 * row - 3 * column + 1, atol=5e-3)


def test_a_box_is_read_from_the_level_of_its_size():
    strides = (4, 8, 16)
    sides = np.array([1.0, 55.0, 56.0, 111.0, 112.0, 223.0, 224.0, 900.0], np.float32)
    boxes = np.stack([np.zeros(8), np.zeros(8), sides, sides], axis=1).astype(np.float32)[None]
    np.testing.assert_array_equal(levels_of(tf.constant(boxes), strides), [[0, 0, 0, 0, 1, 1, 2, 2]])
    features = [tf.fill((1, 64 // s, 64 // s, 1), float(s)) for s in strides]
    read = roi_align(features, tf.constant(boxes), strides=strides, bins=2)
    np.testing.assert_allclose(read[0, :, 0, 0, 0], [4, 4, 4, 4, 8, 8, 16, 16])


def test_each_image_is_read_by_its_own_boxes():
    features = tf.constant(
        np.arange(2.0, dtype=np.float32)[:, None, None, None] * np.ones((1, 4, 4, 1), np.float32)
    )
    read = roi_align([features], tf.constant(np.repeat(BOXES, 2, axis=0) / 4), strides=(4,), bins=2)
    np.testing.assert_array_equal(read[0], np.zeros((3, 2, 2, 1)))
    np.testing.assert_array_equal(read[1], np.ones((3, 2, 2, 1)))


def test_the_gradient_reaches_the_cells_under_the_box_and_no_others():
    features = tf.Variable(tf.zeros((1, 16, 16, 1)))
    with tf.GradientTape() as tape:
        read = roi_align([features], tf.constant([[[16.0, 16.0, 32.0, 32.0]]]), strides=(4,), bins=4)
        total = tf.reduce_sum(read)
    gradient = tf.convert_to_tensor(tape.gradient(total, features)).numpy()[0, :, :, 0]
    np.testing.assert_allclose(gradient.sum(), 16.0, rtol=1e-5)
    assert (gradient[4:8, 4:8] > 0).all()
    assert gradient[:3].sum() == gradient[9:].sum() == gradient[:, :3].sum() == gradient[:, 9:].sum() == 0.0
