import math

import numpy as np
import pytest

from inference.train.losses.cross_entropy import cross_entropy


def rows(*values):
    return np.array(values, np.float32)


def test_of_exclusive_classes_only_the_true_ones_probability_costs():
    loss = cross_entropy(rows([1, 0], [0, 1]), rows([0.5, 0.5], [0.75, 0.25]), exclusive=True)
    assert float(loss) == pytest.approx((math.log(2) + math.log(4)) / 2, abs=1e-6)


def test_of_classes_for_themselves_what_is_absent_costs_too():
    loss = cross_entropy(rows([1, 0]), rows([0.5, 0.75]), exclusive=False)
    assert float(loss) == pytest.approx((math.log(2) + math.log(4)) / 2, abs=1e-6)


def test_a_weight_is_a_price_of_its_class_alone():
    truth, said = rows([1, 0], [0, 1]), rows([0.5, 0.5], [0.5, 0.5])
    weighted = cross_entropy(truth, said, exclusive=True, class_weights=(0.5, 3.0))
    assert float(weighted) == pytest.approx((0.5 + 3.0) / 2 * math.log(2), abs=1e-6)
    # With sigmoids it is the price of missing what is there: the second class is absent in the first row.
    apart = cross_entropy(truth, said, exclusive=False, class_weights=(0.5, 3.0))
    assert float(apart) == pytest.approx((0.5 + 1 + 1 + 3.0) / 4 * math.log(2), abs=1e-6)


def test_shares_of_a_mixture_are_held_against_each_class():
    loss = cross_entropy(rows([0.25, 0.75]), rows([0.5, 0.5]), exclusive=True)
    assert float(loss) == pytest.approx(math.log(2), abs=1e-6)


def test_what_is_sure_and_wrong_costs_much_but_not_without_end():
    loss = float(cross_entropy(rows([1, 0]), rows([0, 1]), exclusive=True))
    assert 10 < loss < 20


def test_every_pixel_counts_alike():
    truth = np.zeros((1, 2, 2, 1), np.float32)
    truth[0, 0, 0] = 1
    said = np.full_like(truth, 0.25)
    wanted = (math.log(4) + 3 * math.log(4 / 3)) / 4
    assert float(cross_entropy(truth, said, exclusive=False)) == pytest.approx(wanted, abs=1e-6)


def test_as_many_weights_as_classes():
    with pytest.raises(ValueError, match="class_weights are 3, the network has 2 classes"):
        cross_entropy(rows([1, 0]), rows([1, 0]), exclusive=True, class_weights=(1, 2, 3))
