import numpy as np
import pytest

from inference.train.augment import augment, draw_borders
from inference.train.look import CHANCES, change_look
from inference.train.losses import dice
from inference.train.movement import move

SIDE = 128


@pytest.fixture
def blob():
    """Bright where the mask is, and lying off centre so that every movement shows."""
    down, across = np.mgrid[:SIDE, :SIDE]
    mask = (np.hypot((down - 50) / 30, (across - 80) / 18) <= 1).astype(np.float32)
    return (0.1 + 0.8 * mask).astype(np.float32), mask


@pytest.mark.parametrize("seed", range(12))
def test_image_and_mask_move_together(blob, seed):
    image, mask = blob
    moved, covered = move(image, mask, np.random.default_rng(seed))
    assert dice(covered > 0, mask > 0) < 0.99, "nothing moved"
    # White may be what comes in from outside, so only what lies between the greys of blob and ground is judged.
    bright = (moved > 0.5) & (moved < 0.95)
    assert dice(bright, covered > 0) > 0.97


@pytest.mark.parametrize("seed", range(12))
def test_movement_is_within_its_limits(blob, seed):
    _, mask = blob
    _, covered = move(mask, mask, np.random.default_rng(seed))
    assert 0.4 < covered.sum() / mask.sum() < 2.0
    assert set(np.unique(covered)) == {0.0, 1.0}


@pytest.mark.parametrize("change", CHANCES, ids=lambda change: change.__name__)
def test_each_change_of_look_does_something_and_nothing_to_its_input(blob, change):
    image = blob[0] + np.random.default_rng(5).random((SIDE, SIDE)).astype(np.float32) * 0.1
    before = image.copy()
    changed = change(image, np.random.default_rng(3))
    np.testing.assert_array_equal(image, before)
    assert changed.shape == image.shape
    assert np.isfinite(changed).all()
    assert np.abs(changed - image).max() > 1e-3


@pytest.mark.parametrize("seed", range(20))
def test_look_stays_in_the_grey_scale(blob, seed):
    changed = change_look(blob[0], np.random.default_rng(seed))
    assert changed.dtype == np.float32
    assert changed.min() >= 0.0
    assert changed.max() <= 1.0


def test_no_lung_under_a_border(blob):
    image, _ = blob
    whole = np.ones_like(image)
    bordered, mask = draw_borders(image, whole, np.random.default_rng(1))
    assert 0 < (mask == 0).sum() < mask.size / 2
    assert len(np.unique(bordered[mask == 0])) == 1
    np.testing.assert_array_equal(bordered[mask == 1], image[mask == 1])


def test_same_seed_gives_the_same_pair_and_another_seed_another(blob):
    first, again, other = (augment(*blob, np.random.default_rng(seed))[0] for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1
