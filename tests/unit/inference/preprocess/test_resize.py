import numpy as np
import pytest

from inference.package.steps import Resize
from inference.preprocess.field import Field
from inference.preprocess.resize import resize


def _resize(values, rows, columns, slices=None, affine=None):
    step = Resize(step="resize", rows=rows, columns=columns, slices=slices)
    return resize(Field(values=values, affine=affine), step)


def test_corners_stay_where_they_are():
    values = np.zeros((40, 60), np.float32)
    values[:20, :30] = 1
    small = _resize(values, 16, 24).field.values
    assert small.shape == (16, 24)
    assert small[2, 2] == pytest.approx(1)
    assert small[2, 20] == small[13, 2] == pytest.approx(0)


def test_maps_come_back_channel_by_channel():
    prepared = _resize(np.zeros((41, 23), np.float32), 16, 16)
    maps = np.stack([np.zeros((16, 16)), np.ones((16, 16))], axis=-1).astype(np.float32)
    back = prepared.undo.maps(maps)
    assert back.shape == (41, 23, 2)
    assert (back[..., 0].max(), back[..., 1].min()) == pytest.approx((0, 1))


def test_the_mean_survives_shrinking():
    values = np.random.default_rng(1).random((256, 256), np.float32)
    assert _resize(values, 32, 32).field.values.mean() == pytest.approx(values.mean(), abs=0.005)


@pytest.mark.parametrize(("slices", "expected"), [(None, 10), (24, 24), (4, 4)])
def test_a_volume_has_its_slices_resized_and_their_number_where_declared(slices, expected):
    prepared = _resize(np.full((10, 40, 60), 3, np.float32), 16, 24, slices)
    assert prepared.field.values.shape == (expected, 16, 24)
    assert np.allclose(prepared.field.values, 3)
    assert prepared.undo.labels(np.ones((expected, 16, 24), np.uint8)).shape == (10, 40, 60)


def test_both_grids_have_the_same_outer_corner():
    affine = np.diag([3.0, 0.7, 0.5, 1.0])
    after = _resize(np.zeros((10, 40, 60), np.float32), 16, 30, 5, affine).field.affine
    assert np.allclose(after @ [-0.5, -0.5, -0.5, 1], affine @ [-0.5, -0.5, -0.5, 1])
    assert np.allclose(np.diag(after)[:3], [6.0, 0.7 * 40 / 16, 1.0])
