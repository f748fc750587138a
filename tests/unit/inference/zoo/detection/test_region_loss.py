import numpy as np
import pytest
import tensorflow as tf

from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.design import Design
from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.region_loss import region_loss

DESIGN = Design(rows=64, columns=64, classes=1, strides=(8,), anchor_scales=(2.0,), anchor_ratios=(1.0,))
NUMBER = 27  # an anchor in the middle
BOXES = tf.constant(DESIGN.anchors[None, NUMBER : NUMBER + 1] + np.float32(1.0))
PRESENT = tf.constant([[True]])


def _said(sure):
    objectness = np.full((1, 64), -sure, np.float32)
    objectness[0, NUMBER] = sure
    codes = encode(tf.broadcast_to(BOXES, (1, 64, 4)), tf.constant(DESIGN.anchors[None]))
    return tf.constant(objectness), codes


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_the_right_answer_costs_nothing_and_a_wrong_one_does(loss):
    lesson = Lesson(loss=loss)
    objectness, codes = _said(20.0)
    right = region_loss(objectness, codes, BOXES, PRESENT, DESIGN, lesson)
    assert max(float(value) for value in right.values()) < 1e-4
    wrong = region_loss(-objectness, codes + 1.0, BOXES, PRESENT, DESIGN, lesson)
    assert float(wrong["objectness"]) > 1.0
    np.testing.assert_allclose(wrong["proposal_boxes"], 0.5, rtol=1e-3)


def test_saying_nothing_costs_the_logarithm_of_two():
    said = region_loss(tf.zeros((1, 64)), tf.zeros((1, 64, 4)), BOXES, PRESENT, DESIGN, Lesson())
    np.testing.assert_allclose(said["objectness"], np.log(2), rtol=1e-5)


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_an_image_with_nothing_teaches_that_there_is_nothing(loss):
    said = region_loss(
        tf.fill((1, 64), -20.0), tf.ones((1, 64, 4)), BOXES, ~PRESENT, DESIGN, Lesson(loss=loss)
    )
    assert float(said["objectness"]) < 1e-4
    assert float(said["proposal_boxes"]) == 0.0


def test_only_so_many_anchors_are_drawn():
    objectness = tf.Variable(tf.zeros((1, 64)))
    with tf.GradientTape() as tape:
        lesson = Lesson(anchors=8)
        said = region_loss(objectness, tf.zeros((1, 64, 4)), BOXES, PRESENT, DESIGN, lesson)
    assert np.count_nonzero(tape.gradient(said["objectness"], objectness)) == 8
