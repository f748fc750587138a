import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.augment.cutmix import cutmix
from inference.train.augment.mix import mix
from inference.train.augment.mixup import mixup
from inference.train.augment.tables import MixTable
from tests.unit.inference.train.given import classed, masked

EXAMPLES = [classed(number, 8) for number in range(8)]
IMAGES = np.stack([np.full((20, 16, 1), number, np.float32) for number in range(8)])
TRUTHS = [example.truth for example in EXAMPLES]


def test_mixup_is_the_weighted_sum():
    mixed, kept = mixup(IMAGES, IMAGES[::-1], 0.3, np.random.default_rng(0))
    np.testing.assert_allclose(mixed[2], 0.3 * 2 + 0.7 * 5, atol=1e-6)
    assert kept == 0.3


@pytest.mark.parametrize("shape", [(20, 16), (10, 12, 14)])
def test_cutmix_says_how_much_it_kept(shape):
    own, other = np.zeros((1, *shape, 1), np.float32), np.ones((1, *shape, 1), np.float32)
    for seed in range(20):
        mixed, kept = cutmix(own, other, 0.4, np.random.default_rng(seed))
        assert kept == pytest.approx(1 - mixed.mean(), abs=1e-6)
        assert kept >= 0.4 - 0.1
        filled = [
            np.flatnonzero(mixed[0, ..., 0].any(axis=tuple({*range(len(shape))} - {axis})))
            for axis in range(len(shape))
        ]
        assert np.prod([each[-1] - each[0] + 1 for each in filled if len(each)]) == mixed.sum(), "not one box"


def test_cutmix_takes_nothing_where_all_is_kept():
    mixed, kept = cutmix(IMAGES, IMAGES[::-1], 1.0, np.random.default_rng(0))
    assert kept == 1
    np.testing.assert_array_equal(mixed, IMAGES)


@pytest.mark.parametrize("kind", ["mixup", "cutmix"])
def test_shares_are_those_of_the_images(kind):
    """Each image's mean grey is its class's number: mixed, it is the mean of the numbers by their shares."""
    mixed, truths = mix(IMAGES, TRUTHS, MixTable(kind=kind, alpha=1.0), np.random.default_rng(3))
    for image, truth in zip(mixed, truths, strict=True):
        assert truth.shares.sum() == pytest.approx(1)
        assert image.mean() == pytest.approx(truth.shares @ np.arange(8), abs=1e-4)
    assert any((truth.shares > 0).sum() == 2 for truth in truths)


def test_masks_are_not_mixed():
    with pytest.raises(TrainingRefused, match=r"\[mix\] is for classes"):
        mix(
            np.zeros((1, 96, 80, 1), np.float32),
            [masked().truth],
            MixTable(kind="mixup"),
            np.random.default_rng(0),
        )
