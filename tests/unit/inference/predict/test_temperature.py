import numpy as np
import pytest

from inference.predict.temperature import soften


def _softened(values, temperature, activation):
    probabilities = np.array(values, np.float32)
    soften(probabilities, temperature, activation)
    return probabilities


def test_one_leaves_every_bit():
    values = np.random.default_rng(0).random((2, 3, 4, 5), np.float32)
    before = values.copy()
    soften(values, 1.0, "softmax")
    assert values.tobytes() == before.tobytes()


@pytest.mark.parametrize("temperature", [0.5, 1.7, 4.0])
def test_each_by_itself_is_the_sigmoid_of_the_logit(temperature):
    p = np.array([0.01, 0.3, 0.5, 0.9, 0.999], np.float64)
    expected = 1 / (1 + np.exp(-np.log(p / (1 - p)) / temperature))
    assert _softened(p, temperature, "sigmoid") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1.7, 4.0])
def test_together_is_the_softmax_of_the_logarithm(temperature):
    p = np.array([[0.7, 0.2, 0.1], [0.05, 0.9, 0.05]], np.float64)
    powers = np.exp(np.log(p) / temperature)
    expected = powers / powers.sum(axis=-1, keepdims=True)
    assert _softened(p, temperature, "softmax") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_certainty_and_what_is_out_of_the_question_stay(activation):
    assert _softened([[0.0, 1.0]], 3.0, activation).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_a_very_low_temperature_gives_no_nan(activation):
    softened = _softened([[1e-30, 0.4, 0.6]], 0.01, activation)
    assert np.isfinite(softened).all()
    assert softened[0, 2] == pytest.approx(1, abs=1e-6)


def test_a_stack_is_done_slice_by_slice_and_whole():
    stack = np.random.default_rng(0).random((3, 4, 5, 2), np.float32)
    expected = np.stack([_softened(plane, 2.0, "sigmoid") for plane in stack])
    assert (_softened(stack, 2.0, "sigmoid") == expected).all()


def test_rounding_beyond_one_is_taken_back():
    softened = _softened([[1.004, -0.002]], 2.0, "sigmoid")
    assert softened.tolist() == [[1.0, 0.0]]
