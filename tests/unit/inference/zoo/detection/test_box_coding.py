import numpy as np
import tensorflow as tf

from inference.zoo.detection.box_coding import clip, decode, encode


def _boxes(count, seed):
    rng = np.random.default_rng(seed)
    corner, sides = rng.uniform(-20, 100, (count, 2)), rng.uniform(2, 60, (count, 2))
    return np.concatenate([corner, corner + sides], axis=1).astype(np.float32)


def test_decoding_undoes_encoding_and_encoding_decoding():
    boxes, anchors = _boxes(500, 0), _boxes(500, 1)
    np.testing.assert_allclose(decode(encode(boxes, anchors), anchors), boxes, atol=1e-3)
    codes = np.random.default_rng(2).normal(0.0, 3.0, (500, 4)).astype(np.float32)
    np.testing.assert_allclose(encode(decode(codes, anchors), anchors), codes, atol=1e-2)


def test_a_box_on_its_anchor_has_the_code_zero():
    boxes = _boxes(3, 3)
    np.testing.assert_allclose(encode(boxes, boxes), 0.0, atol=1e-6)


def test_a_code_by_hand():
    anchor, box = tf.constant([[0.0, 0.0, 10.0, 20.0]]), tf.constant([[5.0, 0.0, 15.0, 40.0]])
    # Half a height down, half a width to the right, as high, twice as wide.
    np.testing.assert_allclose(encode(box, anchor), [[5.0, 5.0, 0.0, np.log(2) / 0.2]], atol=1e-5)


def test_what_a_young_network_asks_for_stays_a_number():
    wild = tf.constant([[0.0, 0.0, 1e6, 1e6]])
    box = decode(wild, tf.constant([[0.0, 0.0, 16.0, 16.0]]))
    np.testing.assert_allclose(box[0, 2] - box[0, 0], 1000.0, rtol=1e-4)


def test_an_empty_box_has_a_code():
    assert np.isfinite(encode(tf.zeros((1, 4)), tf.constant([[0.0, 0.0, 8.0, 8.0]]))).all()


def test_what_leaves_the_image_is_cut_off():
    boxes = tf.constant([[-3.0, 5.0, 50.0, 200.0]])
    np.testing.assert_array_equal(clip(boxes, 40, 100), [[0.0, 5.0, 40.0, 100.0]])
