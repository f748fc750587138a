import numpy as np
import tensorflow as tf

from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.box_loss import box_loss
from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.pupils import Pupils

BOXES = tf.constant([[[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 40.0, 40.0]]])
CLASSES = tf.constant([[1, 0]])
# One on each true box, one on nothing, one place that is empty.
PUPILS = Pupils(
    boxes=tf.constant(
        [[[20.0, 20.0, 40.0, 38.0], [0.0, 0.0, 9.0, 10.0], [50.0, 50.0, 60.0, 60.0], [0.0] * 4]]
    ),
    truth=tf.constant([[1, 0, 0, 0]]),
    positive=tf.constant([[True, True, False, False]]),
    chosen=tf.constant([[True, True, True, False]]),
)
RIGHT = tf.one_hot([[0, 1, 2, 0]], 3) * 40.0


def _right_codes():
    own = encode(tf.gather(BOXES, PUPILS.truth, batch_dims=1), PUPILS.boxes)
    codes = np.full((1, 4, 2, 4), 50.0, np.float32)  # what is said for another class does not count
    codes[0, 0, 0], codes[0, 1, 1] = own[0, 0], own[0, 1]
    return codes


def test_the_right_answer_costs_nothing():
    said = box_loss(RIGHT, tf.constant(_right_codes()), PUPILS, BOXES, CLASSES, Lesson())
    assert float(said["classes"]) < 1e-5
    assert float(said["boxes"]) < 1e-5


def test_each_mistake_costs_its_share():
    none = tf.zeros((1, 4, 3))
    said = box_loss(none, tf.constant(_right_codes() + 2.0), PUPILS, BOXES, CLASSES, Lesson())
    np.testing.assert_allclose(said["classes"], np.log(3), rtol=1e-5)
    np.testing.assert_allclose(said["boxes"], 1.5, rtol=1e-4)


def test_focus_forgives_what_is_easy():
    none = tf.zeros((1, 4, 3))
    said = box_loss(none, tf.constant(_right_codes()), PUPILS, BOXES, CLASSES, Lesson(loss="focal"))
    np.testing.assert_allclose(said["classes"], (2 / 3) ** 2 * np.log(3), rtol=1e-5)


def test_an_image_with_nothing_has_no_box_to_learn():
    nobody = Pupils(
        boxes=PUPILS.boxes,
        truth=PUPILS.truth,
        positive=tf.zeros((1, 4), tf.bool),
        chosen=PUPILS.chosen,
    )
    said = box_loss(RIGHT, tf.zeros((1, 4, 2, 4)), nobody, BOXES, tf.constant([[-1, -1]]), Lesson())
    assert float(said["boxes"]) == 0.0
    np.testing.assert_allclose(said["classes"], 80.0 / 3, rtol=1e-4)
