import numpy as np
import tensorflow as tf

from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.pupils import choose

TRUE = tf.constant([[[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 0.0, 0.0]]])
PRESENT = tf.constant([[True, False]])
FAR = [[20.0 + i, 20.0, 30.0 + i, 30.0] for i in range(6)]
PROPOSALS = tf.constant([[[0.0, 0.0, 9.0, 10.0], *FAR, [0.0, 0.0, 0.0, 0.0]]])


def test_positive_ones_come_first_and_the_true_boxes_are_among_them():
    pupils = choose(PROPOSALS, TRUE, PRESENT, Lesson(proposals=4, positive_proposals=0.5))
    assert pupils.boxes.shape == (1, 4, 4)
    np.testing.assert_array_equal(pupils.positive[0], [True, True, False, False])
    np.testing.assert_array_equal(pupils.chosen[0], [True] * 4)
    first = {tuple(box) for box in pupils.boxes.numpy()[0, :2]}
    assert first == {(0.0, 0.0, 9.0, 10.0), (0.0, 0.0, 10.0, 10.0)}
    np.testing.assert_array_equal(pupils.truth[0, :2], [0, 0])


def test_positives_beyond_their_share_are_left_out():
    pupils = choose(PROPOSALS, TRUE, PRESENT, Lesson(proposals=4, positive_proposals=0.25))
    np.testing.assert_array_equal(pupils.positive[0], [True, False, False, False])


def test_empty_places_are_never_chosen():
    pupils = choose(PROPOSALS, TRUE, PRESENT, Lesson(proposals=64))
    # One proposal and one true box positive, six proposals negative; two places empty.
    assert pupils.boxes.shape == (1, 10, 4)
    assert pupils.chosen.numpy().sum() == 8
    sides = pupils.boxes.numpy()[0][pupils.chosen.numpy()[0]]
    assert (sides[:, 2] > sides[:, 0]).all()
