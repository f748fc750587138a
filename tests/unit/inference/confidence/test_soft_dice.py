import numpy as np
import pytest

from inference.confidence.soft_dice import SoftDice, soft_dice

MASK = np.array([[1, 1], [0, 0]], np.uint8)


def test_certain_and_consistent_is_one():
    assert soft_dice(MASK.astype(np.float32), MASK) == 1


def test_doubt_inside_and_outside_lowers_it():
    probabilities = np.array([[0.8, 0.6], [0.2, 0.0]], np.float32)
    assert soft_dice(probabilities, MASK) == pytest.approx(2 * 1.4 / (1.6 + 2))


def test_nothing_marked_is_no_confidence():
    assert soft_dice(np.full((2, 2), 0.4, np.float32), np.zeros((2, 2), np.uint8)) == 0


@pytest.fixture
def stack():
    """Four channels, of which segments 1, 2, 3 are 3, 1 and 2, and the last is nowhere marked."""
    rng = np.random.default_rng(0)
    maps = rng.random((7, 40, 150, 4), np.float32)
    return maps, rng.integers(0, 3, (7, 40, 150)).astype(np.uint8)


@pytest.mark.parametrize("slices", [1, 2, 7])
def test_slab_by_slab_is_the_whole(stack, slices):
    maps, labels = stack
    gathered = SoftDice((3, 1, 2))
    for first in range(0, len(maps), slices):
        gathered.add(maps[first : first + slices], labels[first : first + slices])
    whole = [
        soft_dice(maps[..., channel], (labels == k).astype(np.uint8))
        for k, channel in ((1, 3), (2, 1), (3, 2))
    ]
    assert gathered.values() == pytest.approx(whole, rel=1e-12)
    assert gathered.values()[2] == 0


def test_nothing_added_is_no_confidence():
    assert SoftDice((0, 1)).values() == (0.0, 0.0)
