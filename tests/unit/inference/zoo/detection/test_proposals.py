import numpy as np
import tensorflow as tf

from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.design import Design
from inference.zoo.detection.proposals import propose

DESIGN = Design(
    rows=64,
    columns=64,
    classes=1,
    strides=(8,),
    anchor_scales=(2.0,),
    anchor_ratios=(1.0,),
    candidates=10,
    proposals=4,
)


def _given(wanted):
    """Objectness low but for the anchors of ``wanted``: number -> (logit, box)."""
    objectness, codes = np.full((1, 64), -20.0, np.float32), np.zeros((1, 64, 4), np.float32)
    for number, (logit, box) in wanted.items():
        objectness[0, number] = logit
        codes[0, number] = encode(tf.constant(box, tf.float32), tf.constant(DESIGN.anchors[number]))
    return tf.constant(objectness), tf.constant(codes)


def test_the_best_come_first_where_their_codes_put_them():
    objectness, codes = _given({9: (2.0, [5.0, 6.0, 20.0, 30.0]), 40: (5.0, [30.0, 10.0, 50.0, 40.0])})
    boxes = propose(objectness, codes, DESIGN)
    assert boxes.shape == (1, 4, 4)
    np.testing.assert_allclose(boxes[0, :2], [[30, 10, 50, 40], [5, 6, 20, 30]], atol=1e-3)


def test_what_leaves_the_image_is_cut_and_what_overlaps_is_suppressed():
    objectness, codes = _given({9: (3.0, [-9.0, 0.0, 20.0, 90.0]), 10: (2.0, [-9.0, 0.0, 21.0, 90.0])})
    boxes = propose(objectness, codes, DESIGN).numpy()[0]
    np.testing.assert_allclose(boxes[0], [0, 0, 20, 64], atol=1e-3)
    assert not np.isclose(boxes[1:, 2], 21.0, atol=0.1).any()


def test_what_is_left_at_the_border_as_less_than_a_pixel_is_no_proposal():
    objectness, codes = _given({9: (9.0, [-20.0, 0.0, 0.5, 20.0])})
    boxes = propose(objectness, codes, DESIGN).numpy()[0]
    assert not ((boxes[:, 2] > 0.0) & (boxes[:, 2] < 1.0)).any()


def test_only_the_best_candidates_are_looked_at():
    few = Design(**{**vars(DESIGN), "candidates": 1})
    objectness, codes = _given({9: (2.0, [5.0, 6.0, 20.0, 30.0]), 40: (5.0, [30.0, 10.0, 50.0, 40.0])})
    boxes = propose(objectness, codes, few).numpy()[0]
    np.testing.assert_allclose(boxes[0], [30, 10, 50, 40], atol=1e-3)
    np.testing.assert_array_equal(boxes[1:], np.zeros((3, 4)))


def test_no_gradient_flows_through_them():
    objectness, codes = _given({9: (2.0, [5.0, 6.0, 20.0, 30.0])})
    with tf.GradientTape() as tape:
        tape.watch(codes)
        total = tf.reduce_sum(propose(objectness, codes, DESIGN))
    assert tape.gradient(total, codes) is None
