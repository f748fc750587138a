import math

import numpy as np
import pytest

from inference.train.evaluate.bootstrap import interval


def limits(patients, values, resamples=4000):
    values = np.array(values, float)
    return interval(patients, lambda which: float(values[which].mean()), resamples=resamples, confidence=0.95)


def test_of_many_patients_it_is_the_normal_interval_of_the_mean():
    values = np.random.default_rng(1).normal(0.0, 1.0, 400)
    low, high = limits([str(k) for k in range(400)], values)
    half = 1.96 * values.std() / 20
    assert (low, high) == (
        pytest.approx(values.mean() - half, abs=0.02),
        pytest.approx(values.mean() + half, abs=0.02),
    )


def test_patients_are_drawn_and_not_their_images():
    # Ten images of each of four patients, all alike: as wide as if each patient had one.
    values = [0.0, 0.0, 1.0, 1.0]
    many = limits([str(k) for k in range(4) for _ in range(10)], np.repeat(values, 10))
    assert many == limits([str(k) for k in range(4)], values)
    assert many == (0.0, 1.0)


def test_it_is_the_same_each_time():
    patients = [str(k) for k in range(9)]
    values = np.random.default_rng(0).random(9)
    assert limits(patients, values) == limits(patients, values)


def test_of_one_patient_there_is_none():
    assert limits(["a", "a", "a"], [1, 2, 3]) is None


def test_draws_that_say_nothing_are_left_out_and_where_most_say_nothing_there_is_none():
    patients = list("abcdefgh")

    def without(name):
        index = patients.index(name)
        return lambda which: math.nan if index in which else 1.0

    # A patient is in 1 - (7/8)^8 = 66 % of the draws.
    assert interval(patients, without("a"), resamples=1000, confidence=0.95) is None
    assert interval(
        patients, lambda which: 1.0 if 0 in which else math.nan, resamples=1000, confidence=0.95
    ) == (1.0, 1.0)
