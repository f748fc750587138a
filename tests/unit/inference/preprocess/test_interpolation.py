import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.preprocess.interpolation import Spread, spread


def _to(before, scale):
    after = tuple(max(1, round(n / s)) for n, s in zip(before, scale, strict=True))
    return Spread(before=before, after=after, scale=scale)


def test_a_straight_slope_stays_straight_where_the_grid_grows():
    index = np.arange(20, dtype=np.float32)
    slope = index[:, None, None] * 3 + index[None, :, None] + index[None, None, :] * 2
    to = _to((20, 20, 20), (0.5, 0.8, 1.0))
    places = [np.arange(n) * s + o for n, s, o in zip(to.after, to.scale, to.offset, strict=True)]
    expected = places[0][:, None, None] * 3 + places[1][None, :, None] + places[2][None, None, :] * 2
    inner = (slice(2, -2),) * 3
    assert np.abs(spread(slope, to) - expected)[inner].max() < 1e-3


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_axes_are_treated_alike(axis):
    values = np.random.default_rng(0).random((12, 12, 12), np.float32)
    scale = [1.0, 1.0, 1.0]
    scale[axis] = 1.7
    turned = spread(np.moveaxis(values, axis, 0), _to((12, 12, 12), (1.7, 1.0, 1.0)))
    straight = spread(values, _to((12, 12, 12), tuple(scale)))
    assert np.abs(np.moveaxis(turned, 0, axis) - straight).max() < 1e-6


def test_what_shrinks_is_smoothed_first():
    stripes = np.tile(np.array([0, 1], np.float32), 64)[:, None, None] * np.ones((1, 16, 16), np.float32)
    small = spread(stripes, _to((128, 16, 16), (4.0, 1.0, 1.0)))
    assert small.shape == (32, 16, 16)
    assert np.abs(small - 0.5).max() < 0.07


def test_beyond_the_border_the_border_goes_on():
    one = np.full((1, 4, 4), 7, np.float32)
    assert np.allclose(spread(one, Spread(before=(1, 4, 4), after=(1, 4, 4), scale=(9.0, 1.0, 1.0))), 7)


def test_the_nearest_voxel_has_the_label():
    to = _to((6,), (2.0,))
    assert to.labels(np.array([1, 2, 3], np.uint8)).tolist() == [1, 1, 2, 2, 3, 3]


@given(
    st.lists(st.integers(1, 40), min_size=3, max_size=3), st.lists(st.floats(0.2, 6), min_size=3, max_size=3)
)
def test_labels_and_maps_come_back_in_the_old_shape(before, scale):
    to = _to(tuple(before), tuple(scale))
    assert to.labels(np.ones(to.after, np.uint8)).shape == tuple(before)
    back = to.maps(np.full((*to.after, 2), 0.5, np.float32))
    assert back.shape == (*before, 2)
    assert np.allclose(back, 0.5)


def test_boxes_come_back_by_their_corners():
    to = Spread(before=(30, 40), after=(60, 20), scale=(0.5, 2.0))
    assert to.boxes(np.array([[0, 0, 60, 20], [10, 5, 20, 6]], np.float32)).tolist() == [
        [0, 0, 30, 40],
        [5, 10, 10, 12],
    ]
