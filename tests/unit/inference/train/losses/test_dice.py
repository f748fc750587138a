import numpy as np
import pytest

from inference.train.losses.dice import dice_loss, soft_dice


def planes(values):
    return np.array(values, np.float32).reshape(1, 2, 2, 1)


def test_sure_and_perfect_map_costs_nothing():
    labels = planes([1, 0, 0, 1])
    assert float(dice_loss(labels, labels)) == pytest.approx(0.0, abs=1e-6)


def test_undecided_map_costs_what_the_formula_says():
    # 2 of 4 pixels are lung, all are held for lung by one half: (2 * 1 + 1) / (2 + 2 + 1).
    loss = dice_loss(planes([1, 0, 0, 1]), planes([0.5] * 4))
    assert float(loss) == pytest.approx(1 - 3 / 5, abs=1e-6)


def test_each_image_of_a_batch_counts_alike():
    # A large and a small lung, both missed wholly: each costs its own Dice, not a Dice of the sum.
    labels = np.concatenate([planes([1, 1, 1, 1]), planes([1, 0, 0, 0])])
    values = np.asarray(soft_dice(labels, np.zeros_like(labels)))
    np.testing.assert_allclose(values[:, 0], [1 / 5, 1 / 2], atol=1e-6)


def test_nothing_where_nothing_is_costs_nothing():
    empty = planes([0, 0, 0, 0])
    assert float(dice_loss(empty, empty)) == pytest.approx(0.0, abs=1e-6)


def test_a_volume_is_summed_over_its_slices_too():
    truth = np.zeros((2, 3, 2, 2, 2), np.float32)
    truth[..., 0] = 1
    values = np.asarray(soft_dice(truth, np.full_like(truth, 0.5), smooth=1e-6))
    # 12 voxels: 2 * 6 / (12 + 6) of the segment that is everywhere, 0 / 6 of the one that is nowhere.
    np.testing.assert_allclose(values, [[2 / 3, 0]] * 2, atol=1e-5)
