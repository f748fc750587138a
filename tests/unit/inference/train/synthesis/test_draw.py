import numpy as np

from inference.train.synthesis.draw import between, happens
from inference.train.synthesis.tables import Between


def test_draws_fill_the_range_and_keep_to_it():
    rng = np.random.default_rng(0)
    drawn = [between(Between(least=2, most=3), rng) for _ in range(200)]
    assert 2 <= min(drawn) < 2.1
    assert 2.9 < max(drawn) <= 3


def test_happens_as_often_as_said():
    rng = np.random.default_rng(0)
    assert 150 < sum(happens(0.2, rng) for _ in range(1000)) < 250
    assert not any(happens(0, rng) for _ in range(100))
    assert all(happens(1, rng) for _ in range(100))
