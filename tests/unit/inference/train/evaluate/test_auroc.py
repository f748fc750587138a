import math

import numpy as np
import pytest

from inference.train.evaluate.auroc import auroc


def area(scores, positive):
    return auroc(np.array(scores, float), np.array(positive, bool))


def test_it_is_the_share_of_pairs_in_the_right_order():
    # Pairs of (positive, negative): 0.9 beats 0.8 and 0.1, 0.4 beats 0.1 alone: 3 of 4.
    assert area([0.9, 0.4, 0.8, 0.1], [1, 1, 0, 0]) == pytest.approx(0.75)
    assert area([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]) == 1.0
    assert area([0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1]) == 0.0


def test_a_tie_counts_half():
    assert area([0.5, 0.5, 0.5], [1, 0, 0]) == 0.5
    assert area([0.5, 0.5, 0.1], [1, 0, 0]) == pytest.approx(0.75)


def test_of_one_kind_alone_nothing_can_be_said():
    assert math.isnan(area([0.5, 0.6], [1, 1]))
    assert math.isnan(area([0.5, 0.6], [0, 0]))
