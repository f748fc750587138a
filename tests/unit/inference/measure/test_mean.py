import numpy as np
import pytest

from inference.measure.mean import mean


def test_only_the_segments_own_voxels_count(subject):
    source = np.full((2, 3, 4), 1e6, np.float32)
    mask = np.zeros(source.shape)
    mask[1, 1, 1:3] = 1
    source[1, 1, 1:3] = [-100, 50]
    assert mean(subject(mask, source=source)) == -25


def test_many_voxels_lose_no_figure(subject):
    source = np.full((64, 256, 256), 16777.3, np.float32)
    assert mean(subject(np.ones(source.shape), source=source)) == pytest.approx(
        float(np.float32(16777.3)), abs=1e-6
    )


def test_nothing_has_no_mean(subject):
    assert mean(subject(np.zeros((2, 3, 4)))) is None
