import numpy as np
import pytest

from inference.errors import GeometryRefused
from inference.package.steps import Components
from inference.postprocess.components import components, components_of_map


def _step(keep=None, **smallest):
    return Components(step="components", keep_largest=keep, **smallest)


def _mask():
    mask = np.zeros((20, 20, 1), np.uint8)
    mask[0:6, 0:6] = 1  # 36
    mask[10:14, 10:15] = 1  # 20
    mask[18, 18] = 1  # 1
    return mask


def _sum(step, pixel_mm2=None):
    return components(_mask(), step, pixel_mm2).sum()


def test_the_largest_stay():
    assert [_sum(_step(1)), _sum(_step(2)), _sum(_step(9))] == [36, 56, 57]


def test_what_is_too_small_goes():
    assert _sum(_step(9, smallest_fraction=20 / 400)) == 56
    assert _sum(_step(9, smallest_fraction=21 / 400)) == 36
    assert _sum(_step(smallest_mm2=5), pixel_mm2=0.25) == 56
    assert _sum(_step(smallest_mm2=5.1), pixel_mm2=0.25) == 36


@pytest.mark.parametrize("voxels", range(1, 60))
def test_exactly_the_least_size_is_enough_whatever_the_rounding(voxels):
    mask = np.zeros((1, 60, 1), np.uint8)
    mask[0, :voxels] = 1
    kept = components(mask, _step(smallest_mm2=voxels * 0.1), 0.1)
    assert kept.sum() == voxels
    assert components(mask, _step(smallest_mm2=(voxels + 0.5) * 0.1), 0.1).sum() == 0


def test_a_corner_does_not_connect():
    mask = np.zeros((4, 4, 1), np.uint8)
    mask[0:2, 0:2] = mask[2:4, 2:4] = 1
    kept = components(mask, _step(1), None)
    assert kept.sum() == 4
    assert kept[0, 0] == 1


def test_classes_do_not_mix():
    both = np.concatenate([_mask(), np.zeros_like(_mask())], axis=-1)
    both[3:5, :, 1] = 1
    kept = components(both, _step(1), None)
    assert kept.sum(axis=(0, 1)).tolist() == [36, 40]


def test_nothing_stays_nothing():
    assert not components(np.zeros((5, 5, 1), np.uint8), _step(2, smallest_fraction=0.1), None).any()


def _map():
    labels = np.zeros((6, 10, 10), np.uint8)
    labels[0:3, 0:4, 0:4] = 1  # 48
    labels[0:3, 0:4, 4:6] = 2  # 24, touching the first
    labels[5, 9, 9] = 1
    labels[5, 0, 0:3] = 2
    return labels


def test_of_a_volume_each_segment_keeps_its_own():
    before = _map()
    kept = components_of_map(before, _step(1), 2, None)
    assert [np.count_nonzero(kept == k) for k in (1, 2)] == [48, 24]
    assert kept.dtype == np.uint8
    assert np.array_equal(before, _map())


def test_of_a_volume_parts_below_a_volume_go():
    kept = components_of_map(_map(), _step(smallest_mm3=6), 2, 2.0)
    assert [np.count_nonzero(kept == k) for k in (1, 2)] == [48, 27]


def test_a_turned_view_is_tidied_too():
    kept = components_of_map(_map().transpose(2, 1, 0), _step(1), 2, None)
    assert [np.count_nonzero(kept == k) for k in (1, 2)] == [48, 24]


def test_a_size_that_is_not_known_is_no_reason_to_keep_crumbs():
    with pytest.raises(GeometryRefused, match=r"below 5 mm2.*does not say"):
        components(_mask(), _step(smallest_mm2=5), None)
    with pytest.raises(GeometryRefused, match="below 5 mm3"):
        components(_mask(), _step(smallest_mm3=5), 0.25)
