import numpy as np
import tensorflow as tf

from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.decision import decide
from inference.zoo.detection.design import Design

DESIGN = Design(rows=64, columns=64, classes=2, detections=3)
PROPOSALS = tf.constant([[[8.0, 8.0, 24.0, 24.0], [32.0, 32.0, 48.0, 48.0], [0.0, 0.0, 0.0, 0.0]]])


def _decide(probabilities, boxes=None):
    """``boxes``: for each proposal and class where it is to lie; None leaves all where they are."""
    logits = tf.math.log(tf.constant([probabilities], tf.float32))
    codes = tf.zeros((1, 3, 2, 4))
    if boxes is not None:
        codes = encode(tf.constant([boxes], tf.float32), PROPOSALS[:, :, tf.newaxis, :])
    return decide(PROPOSALS, logits, codes, DESIGN)


def test_the_background_comes_last_and_is_left_out():
    kept = _decide([[0.7, 0.2, 0.1], [0.01, 0.01, 0.98], [0.1, 0.1, 0.8]])
    assert kept.valid.numpy() == 2
    np.testing.assert_array_equal(kept.classes[0, :2], [0, 1])
    np.testing.assert_allclose(kept.scores[0, :2], [0.7, 0.2], atol=1e-5)
    np.testing.assert_allclose(kept.boxes[0, 0], [8, 8, 24, 24], atol=1e-4)


def test_each_class_moves_a_proposal_its_own_way_and_stays_in_the_image():
    boxes = [[[0, 0, 10, 10], [5, 5, 90, 30]], [[0, 0, 1, 1]] * 2, [[0, 0, 1, 1]] * 2]
    kept = _decide([[0.3, 0.6, 0.1], [0.01, 0.01, 0.98], [0.01, 0.01, 0.98]], boxes)
    np.testing.assert_array_equal(kept.classes[0, :2], [1, 0])
    np.testing.assert_allclose(kept.boxes[0, :2], [[5, 5, 64, 30], [0, 0, 10, 10]], atol=1e-3)


def test_an_empty_place_of_the_first_stage_gives_no_box_however_sure_the_head_is():
    kept = _decide([[0.01, 0.01, 0.98], [0.01, 0.01, 0.98], [0.98, 0.01, 0.01]])
    assert kept.valid.numpy() == 0
