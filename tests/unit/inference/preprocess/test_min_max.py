import numpy as np
import pytest

from inference.package.steps import MinMax
from inference.preprocess.field import Field
from inference.preprocess.min_max import min_max

RAMP = np.arange(101, dtype=np.float32).reshape(1, -1)


def _scale(values, **keys):
    return min_max(Field(values=values, affine=None), MinMax(step="min_max", **keys))


def test_the_range_becomes_zero_to_one():
    values = _scale(RAMP + 500).field.values
    assert values.dtype == np.float32
    assert values[0, [0, 50, 100]] == pytest.approx([0, 0.5, 1])


def test_beyond_the_percentiles_is_clipped():
    values = _scale(RAMP, lower_percentile=10, upper_percentile=90).field.values
    assert values[0, [0, 10, 50, 90, 100]] == pytest.approx([0, 0, 0.5, 1, 1])


def test_one_value_becomes_nothing():
    assert not _scale(np.full((3, 3), 7, np.float32)).field.values.any()


def test_maps_pass_unchanged_on_the_way_back():
    maps = np.ones((1, 101, 2), np.float32)
    assert _scale(RAMP).undo.maps(maps) is maps
