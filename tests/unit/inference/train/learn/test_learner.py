import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.train.learn.learner import YOUNG_STEPS, Learner, _rate
from inference.train.recipe.fit import FitTable


class Line:
    """One weight w, whose loss is (w * x - y) squared: what each step does can be worked out."""

    def __init__(self):
        image = keras.Input((1,))
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        self.network = keras.Model(image, dense(image))

    def loss(self, images, targets):
        return tf.reduce_mean((self.network(images) - targets) ** 2)


X, Y = np.ones((1, 1), np.float32), np.full((1, 1), 2.0, np.float32)


def learner(**plan):
    return Learner(Line(), FitTable(**({"weight_decay": 0.0, "warm_up": 0.0} | plan)))


def weight(made):
    return float(made.lesson.network.get_weights()[0][0, 0])


def test_a_step_gives_the_loss_before_it_and_goes_the_rate_far():
    made = learner(epochs=1, steps=1000, learning_rate=0.1)
    assert made.step(X, [Y]) == pytest.approx(4.0)
    # The first step of Adam is as long as the learning rate, whatever the gradient.
    assert weight(made) == pytest.approx(0.1, rel=1e-3)


def test_the_mean_is_young_at_first_and_then_has_its_momentum():
    made = learner(epochs=1, steps=1000, learning_rate=0.1, averaging=0.5)
    made.step(X, [Y])
    assert made.mean[0][0, 0] == pytest.approx(weight(made))  # momentum 0: nothing of the start is left
    before = made.mean[0][0, 0]
    made.step(X, [Y])
    young = 1 / YOUNG_STEPS
    assert made.mean[0][0, 0] == pytest.approx(young * before + (1 - young) * weight(made))
    for _ in range(YOUNG_STEPS):
        before = made.mean[0][0, 0]
        made.step(X, [Y])
    assert made.mean[0][0, 0] == pytest.approx(0.5 * before + 0.5 * weight(made))


def test_with_the_mean_the_network_answers_by_it_and_afterwards_as_before():
    made = learner(epochs=1, steps=10, learning_rate=0.1, averaging=0.9)
    for _ in range(3):
        made.step(X, [Y])
    learnt = weight(made)
    with made.averaged():
        assert weight(made) == pytest.approx(made.mean[0][0, 0])
        assert weight(made) != pytest.approx(learnt)
    assert weight(made) == learnt


def test_a_restored_learner_takes_the_same_next_step():
    first, second = (learner(epochs=1, steps=20, learning_rate=0.1) for _ in range(2))
    for _ in range(5):
        first.step(X, [Y])
    second.restore(first.state())
    assert second.step(X, [Y]) == first.step(X, [Y])
    for name, value in first.state().items():
        np.testing.assert_array_equal(second.state()[name], value, err_msg=name)


def test_the_rate_rises_then_falls_to_nothing():
    plan = FitTable(epochs=1, steps=100, learning_rate=0.5, warm_up=0.1)
    rate = _rate(plan, 100)
    assert float(rate(0)) == pytest.approx(0.005)
    assert float(rate(10)) == pytest.approx(0.5)
    assert float(rate(55)) == pytest.approx(0.25, abs=0.01)
    assert float(rate(100)) == pytest.approx(0.0, abs=1e-6)


def test_long_gradients_are_clipped():
    steep, flat = (learner(epochs=1, steps=10, learning_rate=0.1, clip_norm=1e-9) for _ in range(2))
    steep.step(X, [Y * 1e6])
    flat.step(X, [Y])
    assert weight(steep) == pytest.approx(weight(flat), rel=1e-3)
