import numpy as np

from inference.package.steps import Components
from inference.postprocess.components import components


def _step(keep, smallest=0.0):
    return Components(step="components", keep_largest=keep, smallest_fraction=smallest)


def _mask():
    mask = np.zeros((20, 20, 1), np.uint8)
    mask[0:6, 0:6] = 1  # 36
    mask[10:14, 10:15] = 1  # 20
    mask[18, 18] = 1  # 1
    return mask


def test_the_largest_stay():
    assert components(_mask(), _step(1)).sum() == 36
    assert components(_mask(), _step(2)).sum() == 56
    assert components(_mask(), _step(9)).sum() == 57


def test_what_is_too_small_goes():
    assert components(_mask(), _step(9, 20 / 400)).sum() == 56
    assert components(_mask(), _step(9, 21 / 400)).sum() == 36


def test_a_corner_does_not_connect():
    mask = np.zeros((4, 4, 1), np.uint8)
    mask[0:2, 0:2] = mask[2:4, 2:4] = 1
    kept = components(mask, _step(1))
    assert kept.sum() == 4
    assert kept[0, 0] == 1


def test_classes_do_not_mix():
    both = np.concatenate([_mask(), np.zeros_like(_mask())], axis=-1)
    both[3:5, :, 1] = 1
    kept = components(both, _step(1))
    assert kept.sum(axis=(0, 1)).tolist() == [36, 40]


def test_nothing_stays_nothing():
    assert not components(np.zeros((5, 5, 1), np.uint8), _step(2, 0.1)).any()
