import numpy as np
import pytest

from inference.confidence.soft_dice import soft_dice

MASK = np.array([[1, 1], [0, 0]], np.uint8)


def test_certain_and_consistent_is_one():
    assert soft_dice(MASK.astype(np.float32), MASK) == 1


def test_doubt_inside_and_outside_lowers_it():
    probabilities = np.array([[0.8, 0.6], [0.2, 0.0]], np.float32)
    assert soft_dice(probabilities, MASK) == pytest.approx(2 * 1.4 / (1.6 + 2))


def test_nothing_marked_is_no_confidence():
    assert soft_dice(np.full((2, 2), 0.4, np.float32), np.zeros((2, 2), np.uint8)) == 0
