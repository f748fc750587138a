import numpy as np
import tensorflow as tf

from inference.zoo.detection.sampling import sample

RNG = np.random.default_rng(0)


def _draw(positives, negatives, count, share, others=5):
    kinds = np.array([1] * positives + [0] * negatives + [-1] * others)
    noise = tf.constant(RNG.random((4, len(kinds))), tf.float32)
    kinds = np.tile(kinds, (4, 1))
    drawn = sample(tf.constant(kinds == 1), tf.constant(kinds == 0), noise, count=count, positive_share=share)
    return drawn.numpy(), kinds


def test_positives_keep_to_their_share_and_negatives_fill_up():
    drawn, kinds = _draw(100, 100, 32, 0.25)
    assert (drawn & (kinds == 1)).sum(axis=1).tolist() == [8] * 4
    assert (drawn & (kinds == 0)).sum(axis=1).tolist() == [24] * 4


def test_where_positives_are_missing_negatives_take_their_places():
    drawn, kinds = _draw(3, 100, 32, 0.5)
    assert (drawn & (kinds == 1)).sum(axis=1).tolist() == [3] * 4
    assert drawn.sum(axis=1).tolist() == [32] * 4


def test_what_is_neither_is_never_drawn_however_few_there_are():
    drawn, kinds = _draw(2, 3, 32, 0.5)
    np.testing.assert_array_equal(drawn, kinds >= 0)


def test_chance_decides_and_is_the_caller_s():
    drawn, _ = _draw(50, 50, 10, 0.5)
    assert len({row.tobytes() for row in drawn}) == 4
    noise = tf.constant(np.linspace(0, 1, 6)[None], tf.float32)
    both = (tf.constant([[True] * 3 + [False] * 3]), tf.constant([[False] * 3 + [True] * 3]))
    first = sample(*both, noise, count=2, positive_share=0.5)
    np.testing.assert_array_equal(first, [[True, False, False, True, False, False]])
