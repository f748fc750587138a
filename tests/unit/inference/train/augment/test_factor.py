import numpy as np
import pytest

from inference.train.augment.factor import draw_factor


def test_larger_and_smaller_are_as_likely_and_none_is_beyond_the_limit():
    rng = np.random.default_rng(0)
    drawn = np.array([draw_factor(2.0, rng) for _ in range(2000)])
    assert drawn.min() >= 0.5
    assert drawn.max() <= 2.0
    assert np.log(drawn).mean() == pytest.approx(0.0, abs=0.03)
    assert np.log2(drawn).std() == pytest.approx(1 / np.sqrt(3), abs=0.03)  # even in the logarithm
