import numpy as np
import pytest

from inference.package.steps import Resize
from inference.preprocess.resize import resize


def test_corners_stay_where_they_are():
    pixels = np.zeros((40, 60), np.float32)
    pixels[:20, :30] = 1
    prepared = resize(pixels, Resize(step="resize", rows=16, columns=24))
    assert prepared.pixels.shape == (16, 24)
    assert prepared.pixels[2, 2] == pytest.approx(1)
    assert prepared.pixels[2, 20] == prepared.pixels[13, 2] == pytest.approx(0)


def test_maps_come_back_channel_by_channel():
    prepared = resize(np.zeros((41, 23), np.float32), Resize(step="resize", rows=16, columns=16))
    maps = np.stack([np.zeros((16, 16)), np.ones((16, 16))], axis=-1).astype(np.float32)
    back = prepared.undo(maps)
    assert back.shape == (41, 23, 2)
    assert (back[..., 0].max(), back[..., 1].min()) == pytest.approx((0, 1))


def test_the_mean_survives_shrinking():
    pixels = np.random.default_rng(1).random((256, 256), np.float32)
    prepared = resize(pixels, Resize(step="resize", rows=32, columns=32))
    assert prepared.pixels.mean() == pytest.approx(pixels.mean(), abs=0.005)
