import keras
import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Class, Example, Mask
from inference.train.learn.classification import ClassificationLesson


class Mean(keras.layers.Layer):
    def call(self, values):
        share = keras.ops.mean(values, axis=(1, 2))
        return keras.ops.concatenate([1 - share, share], axis=-1)


def lesson(loss=None, *, classes=2):
    """The probability of the second class is the mean of the image; of a single class as well."""
    image = keras.Input((4, 4, 1), name="image")
    given = Mean()(image)
    network = keras.Model({"image": image}, {"probabilities": given if classes == 2 else given[:, 1:]})
    return ClassificationLesson(network, loss)


def example(mean, *shares):
    return Example(values=np.full((4, 4), mean, np.float32), truth=Class(shares=np.array(shares, np.float32)))


def test_targets_are_shares():
    (targets,) = lesson().targets([Class(shares=np.array([0.25, 0.75])), Class(shares=np.array([1.0, 0.0]))])
    np.testing.assert_array_equal(targets, [[0.25, 0.75], [1.0, 0.0]])
    assert targets.dtype == np.float32


@pytest.mark.parametrize("truth", [Class(shares=np.ones(3)), Mask(segments=np.zeros((4, 4, 2), np.uint8))])
def test_another_truth_is_refused(truth):
    with pytest.raises(TrainingRefused, match="shares of its 2 classes"):
        lesson().targets([truth])


def test_the_loss_is_that_of_the_recipe_on_the_networks_answer():
    made = lesson(lambda targets, given: keras.ops.sum(targets * given))
    images = np.full((2, 4, 4, 1), 0.25, np.float32)
    assert float(made.loss(images, np.array([[0, 1], [0, 1]], np.float32))) == pytest.approx(0.5)


def test_the_score_is_higher_the_surer_it_is_of_the_truth():
    made = lesson()
    scores = [made.score([example(mean, 0, 1)]) for mean in (0.1, 0.5, 0.9)]
    assert scores == sorted(scores)
    assert scores[1] == pytest.approx(2 * np.log(0.5))


def test_a_rare_class_counts_as_much_as_a_common_one():
    made = lesson()
    good, bad = example(0.9, 0, 1), example(0.9, 1, 0)
    expected = (made.score([good]) + made.score([bad])) / 2
    assert made.score([good] * 9 + [bad]) == pytest.approx(expected)


def test_of_a_single_class_those_without_it_are_the_other_kind():
    made = lesson(classes=1)
    yes, no = example(0.9, 1), example(0.2, 0)
    assert made.score([yes, yes, yes, no]) == pytest.approx((np.log(0.9) + np.log(0.8)) / 2, abs=1e-5)


def test_what_is_surely_wrong_has_a_finite_score():
    assert np.isfinite(lesson().score([example(0.0, 0, 1)]))
