import math

import numpy as np
import pytest

from inference.train.losses import SMOOTH, dice, dice_and_cross_entropy, soft_dice


def planes(values):
    return np.array(values, np.float32).reshape(1, 2, 2, 1)


def test_sure_and_perfect_map_costs_nothing():
    labels = planes([1, 0, 0, 1])
    assert float(dice_and_cross_entropy(labels, labels)) == pytest.approx(0.0, abs=1e-5)


def test_undecided_map_costs_what_the_formula_says():
    # 2 of 4 pixels are lung, all are held for lung by one half: Dice (2 * 1 + s) / (2 + 2 + s), entropy ln 2.
    loss = dice_and_cross_entropy(planes([1, 0, 0, 1]), planes([0.5] * 4))
    assert float(loss) == pytest.approx(1 - (2 + SMOOTH) / (4 + SMOOTH) + math.log(2), abs=1e-5)


def test_each_image_of_a_batch_counts_alike():
    # A large and a small lung, both missed wholly: each costs its own Dice, not a Dice of the sum.
    labels = np.concatenate([planes([1, 1, 1, 1]), planes([1, 0, 0, 0])])
    values = np.asarray(soft_dice(labels, np.zeros_like(labels)))
    np.testing.assert_allclose(values[:, 0], [SMOOTH / (4 + SMOOTH), SMOOTH / (1 + SMOOTH)], atol=1e-6)


def test_dice_of_masks():
    assert dice([1, 1, 0, 0], [0, 1, 1, 0]) == 0.5
    assert dice([1, 0], [1, 0]) == 1.0
    assert dice([1, 0], [0, 1]) == 0.0
    assert dice([0, 0], [0, 0]) == 1.0
