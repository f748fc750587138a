import numpy as np
import pytest

from inference.confidence.entropy import MeanEntropy, binary_entropy


def test_sure_is_none_and_a_coin_is_one_bit():
    assert binary_entropy(np.array([0.0, 0.5, 1.0, 1.004])).tolist() == [0.0, 1.0, 0.0, 0.0]
    assert binary_entropy(np.array([0.25, 0.75])) == pytest.approx([0.811278, 0.811278], abs=1e-6)


def test_only_what_is_marked_counts_and_each_segment_by_its_channel():
    maps = np.zeros((1, 2, 2, 3), np.float32)
    maps[0, 0, 0], maps[0, 0, 1], maps[0, 1, 0], maps[0, 1, 1] = (
        [0, 0, 1],
        [0, 0, 0.5],
        [0, 0.25, 0],
        [0.5, 0.5, 0.5],
    )
    labels = np.array([[[1, 1], [2, 0]]], np.uint8)
    assert _entropies(maps, labels, (2, 1)) == pytest.approx((0.5, 0.811278), abs=1e-6)


def test_what_is_nowhere_marked_has_none():
    assert _entropies(np.full((1, 2, 2, 1), 0.5, np.float32), np.zeros((1, 2, 2), np.uint8), (0,)) == (None,)


def test_slab_by_slab_is_the_whole():
    rng = np.random.default_rng(0)
    maps, labels = rng.random((6, 30, 40, 2), np.float32), rng.integers(0, 3, (6, 30, 40)).astype(np.uint8)
    gathered = MeanEntropy((1, 0))
    for first in range(6):
        gathered.add(maps[first], labels[first])
    expected = [
        binary_entropy(maps[..., channel][labels == k].astype(np.float64)).mean()
        for k, channel in ((1, 1), (2, 0))
    ]
    assert gathered.values() == pytest.approx(expected, rel=1e-12)


def _entropies(maps, labels, channels):
    gathered = MeanEntropy(channels)
    gathered.add(maps, labels)
    return gathered.values()
