import numpy as np
import pytest

from inference.measure.standard_deviation import standard_deviation


def test_of_the_whole_not_of_a_sample(subject):
    source = np.full((1, 3, 4), 1e6, np.float32)
    mask = np.zeros(source.shape)
    mask[0, 1, 1:3] = 1
    source[0, 1, 1:3] = [-100, 50]
    assert standard_deviation(subject(mask, source=source)) == 75


def test_what_varies_little_on_a_high_level_loses_no_figure(subject):
    source = np.random.default_rng(0).normal(20000, 0.1, (16, 256, 256)).astype(np.float32)
    exact = np.sqrt(np.mean((source.astype(np.longdouble) - source.mean(dtype=np.longdouble)) ** 2))
    found = standard_deviation(subject(np.ones(source.shape), source=source))
    assert found == pytest.approx(float(exact), rel=1e-9)


def test_nothing_has_none(subject):
    assert standard_deviation(subject(np.zeros((2, 3, 4)))) is None
