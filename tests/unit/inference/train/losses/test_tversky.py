import numpy as np
import pytest

from inference.train.losses.dice import dice_loss
from inference.train.losses.tversky import tversky


def planes(values):
    return np.array(values, np.float32).reshape(1, 2, 2, 1)


TRUTH = planes([1, 1, 0, 0])


def test_too_much_and_too_little_have_prices_of_their_own():
    too_much, too_little = planes([1, 1, 1, 0]), planes([1, 0, 0, 0])
    prices = {"false_positives": 0.25, "false_negatives": 0.75, "smooth": 1.0}
    assert float(tversky(TRUTH, too_much, **prices)) == pytest.approx(1 - 3 / 3.25, abs=1e-6)
    assert float(tversky(TRUTH, too_little, **prices)) == pytest.approx(1 - 2 / 2.75, abs=1e-6)


def test_with_one_half_each_it_is_dice_with_twice_the_smoothing():
    said = planes([0.9, 0.4, 0.3, 0.1])
    half = tversky(TRUTH, said, false_positives=0.5, false_negatives=0.5, smooth=1.0)
    assert float(half) == pytest.approx(float(dice_loss(TRUTH, said, smooth=2.0)), abs=1e-6)


def test_sure_and_perfect_costs_nothing_nor_does_nothing_where_nothing_is():
    prices = {"false_positives": 0.3, "false_negatives": 0.7, "smooth": 1.0}
    for same in (TRUTH, planes([0, 0, 0, 0])):
        assert float(tversky(same, same, **prices)) == pytest.approx(0.0, abs=1e-6)
