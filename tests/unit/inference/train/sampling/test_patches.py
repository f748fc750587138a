import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Example, Mask
from inference.train.sampling.patches import cut_patch
from inference.train.sampling.tables import Patches
from tests.unit.inference.train.given import boxed, classed, masked


def cut(example, size, positive_share=0.0, seed=0):
    return cut_patch(example, Patches(size=size, positive_share=positive_share), np.random.default_rng(seed))


@pytest.mark.parametrize("shape", [(96, 80), (20, 24, 28)])
def test_a_patch_is_a_part_of_image_and_mask_alike(shape):
    example = masked(shape)
    size = tuple(each // 2 for each in shape)
    for seed in range(10):
        patch = cut(example, size, 0.5, seed)
        assert patch.values.shape == size
        np.testing.assert_array_equal(patch.truth.segments[..., 0], patch.values > 0.6)
        np.testing.assert_array_equal(
            patch.truth.segments[..., 1], (patch.values > 0.3) & (patch.values < 0.6)
        )


def rare():
    """One voxel in ten thousand is of the second segment."""
    segments = np.zeros((20, 50, 50, 2), np.uint8)
    segments[:, :25, :, 0] = 1
    segments[3, 47, 2, 1] = 1
    return Example(values=np.zeros((20, 50, 50), np.float32), truth=Mask(segments=segments))


def test_positive_patches_hold_a_segment_and_rare_ones_as_often():
    with_rare = np.mean(
        [cut(rare(), (4, 8, 8), 1.0, seed).truth.segments[..., 1].any() for seed in range(200)]
    )
    assert 0.4 < with_rare < 0.6
    anywhere = np.mean(
        [cut(rare(), (4, 8, 8), 0.0, seed).truth.segments[..., 1].any() for seed in range(200)]
    )
    assert anywhere < 0.05
    half = np.mean([cut(rare(), (4, 8, 8), 0.5, seed).truth.segments[..., 1].any() for seed in range(400)])
    assert 0.15 < half < 0.35


def test_nothing_positive_is_no_error():
    empty = Example(
        values=np.zeros((10, 10), np.float32), truth=Mask(segments=np.zeros((10, 10, 1), np.uint8))
    )
    assert cut(empty, (4, 4), 1.0).values.shape == (4, 4)
    assert cut(classed(0), (4, 4), 1.0).truth is not None


def test_patches_reach_every_corner():
    seen = np.zeros((96, 80), bool)
    example = masked()
    numbered = Example(values=np.arange(96 * 80, dtype=np.float32).reshape(96, 80), truth=example.truth)
    for seed in range(300):
        seen.flat[cut(numbered, (32, 32), 0.0, seed).values.astype(int)] = True
    assert seen[[0, 0, -1, -1], [0, -1, 0, -1]].sum() >= 1
    assert seen.mean() > 0.97


def test_what_is_smaller_is_framed_with_its_least_value_and_nothing():
    patch = cut(masked((20, 80)), (32, 40))
    assert patch.values.shape == (32, 40)
    np.testing.assert_allclose(patch.values[:6], 0.1)
    np.testing.assert_allclose(patch.values[26:], 0.1)
    assert not patch.truth.segments[:6].any()


def test_boxes_are_counted_from_the_patch():
    whole = boxed()
    for seed in range(30):
        patch = cut(whole, (64, 64), 1.0, seed)
        for box, number, mask in zip(patch.truth.boxes, patch.truth.classes, patch.truth.masks, strict=True):
            rows, columns = np.nonzero(mask)
            np.testing.assert_array_equal(box[:2], [rows.min(), columns.min()])
            bright = {0: patch.values > 0.6, 1: (patch.values > 0.3) & (patch.values < 0.6)}[int(number)]
            np.testing.assert_array_equal(mask, bright)


def test_a_size_of_other_axes_is_refused():
    with pytest.raises(TrainingRefused, match="size has 3 axes, but the examples have 2"):
        cut(masked(), (4, 4, 4))
