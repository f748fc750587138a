import numpy as np
import pytest

from inference.package.steps import ZScore
from inference.preprocess.field import Field
from inference.preprocess.z_score import z_score

VALUES = np.array([[-1000, -1000, 10, 30]], np.float32)


def _score(values, **keys):
    return z_score(Field(values=values, affine=None), ZScore(step="z_score", **keys)).field.values


def test_of_the_whole_image():
    scored = _score(VALUES)
    assert scored.dtype == np.float32
    assert (scored.mean(), scored.std()) == pytest.approx((0, 1), abs=1e-6)


def test_of_the_foreground_alone():
    assert _score(VALUES, over="foreground", foreground_above=-500)[0, 2:].tolist() == [-1, 1]


def test_by_declared_numbers():
    assert _score(VALUES, over="fixed", mean=20, standard_deviation=5)[0, 2:].tolist() == [-2, 2]


@pytest.mark.parametrize("keys", [{}, {"over": "foreground", "foreground_above": 99}])
def test_what_does_not_vary_becomes_nothing(keys):
    assert not _score(np.full((3, 3), 7, np.float32), **keys).any()


def test_a_large_volume_loses_no_figure():
    values = np.full((40, 256, 256), 20000.25, np.float32)
    values[:, ::2] += 0.5
    scored = _score(values)
    assert np.unique(scored) == pytest.approx([-1, 1], abs=1e-3)
