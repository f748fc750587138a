import numpy as np
import tensorflow as tf

from inference.zoo.detection.matching import ANCHORS, PROPOSALS, match

TRUE = tf.constant([[[0.0, 0.0, 10.0, 10.0], [40.0, 40.0, 60.0, 60.0], [0.0, 0.0, 10.0, 10.0]]])
PRESENT = tf.constant([[True, True, False]])
# IoU with the first true box 1, 0.8, 0.5, 0.2 and 0; the sixth 0.25 with the second, its best; the last is empty.
CANDIDATES = tf.constant(
    [
        [
            [0.0, 0.0, 10.0, 10.0],
            [0.0, 0.0, 8.0, 10.0],
            [0.0, 0.0, 5.0, 10.0],
            [0.0, 0.0, 2.0, 10.0],
            [80.0, 80.0, 90.0, 90.0],
            [40.0, 40.0, 50.0, 50.0],
            [0.0, 0.0, 0.0, 0.0],
        ]
    ]
)


def test_anchors_are_positive_from_the_limit_on_or_as_the_best_of_a_box():
    found = match(CANDIDATES, TRUE, PRESENT, ANCHORS)
    np.testing.assert_array_equal(found.positive[0], [True, True, False, False, False, True, False])
    np.testing.assert_array_equal(found.negative[0], [False, False, False, True, True, False, False])
    assert found.truth.numpy()[0, [0, 1, 5]].tolist() == [0, 0, 1]


def test_proposals_are_one_or_the_other_and_an_empty_place_neither():
    found = match(CANDIDATES, TRUE, PRESENT, PROPOSALS)
    np.testing.assert_array_equal(found.positive[0], [True, True, True, False, False, False, False])
    np.testing.assert_array_equal(found.negative[0], [False, False, False, True, True, True, False])


def test_without_a_true_box_all_are_negative():
    found = match(CANDIDATES, TRUE, tf.zeros((1, 3), tf.bool), ANCHORS)
    assert not found.positive.numpy().any()
    assert found.negative.numpy()[0, :-1].all()


def test_a_candidate_that_is_all_a_box_has_learns_that_box():
    true = tf.constant([[[0.0, 0.0, 10.0, 10.0], [0.0, 8.0, 10.0, 40.0]]])
    candidates = tf.constant([[[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 12.0]]])
    found = match(candidates, true, tf.constant([[True, True]]), ANCHORS)
    # The second lies nearer to the first box, which has a better one; the second box has no other.
    assert found.truth.numpy().tolist() == [[0, 1]]
    assert found.positive.numpy().all()
