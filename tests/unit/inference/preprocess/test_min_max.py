import numpy as np
import pytest

from inference.package.steps import MinMax
from inference.preprocess.min_max import min_max

RAMP = np.arange(101, dtype=np.float32).reshape(1, -1)


def test_the_range_becomes_zero_to_one():
    prepared = min_max(RAMP + 500, MinMax(step="min_max"))
    assert prepared.pixels.dtype == np.float32
    assert prepared.pixels[0, [0, 50, 100]] == pytest.approx([0, 0.5, 1])


def test_beyond_the_percentiles_is_clipped():
    prepared = min_max(RAMP, MinMax(step="min_max", lower_percentile=10, upper_percentile=90))
    assert prepared.pixels[0, [0, 10, 50, 90, 100]] == pytest.approx([0, 0, 0.5, 1, 1])


def test_one_value_becomes_nothing():
    assert not min_max(np.full((3, 3), 7, np.float32), MinMax(step="min_max")).pixels.any()


def test_maps_pass_unchanged_on_the_way_back():
    maps = np.ones((1, 101, 2), np.float32)
    assert min_max(RAMP, MinMax(step="min_max")).undo(maps) is maps
