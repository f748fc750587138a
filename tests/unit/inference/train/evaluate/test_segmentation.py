import numpy as np
import pytest

from inference.train.evaluate.observed import Overlaps
from inference.train.evaluate.segmentation import measures, overlaps


def test_layers_of_an_image_are_held_against_their_masks():
    labels, truth = np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 2), np.uint8)
    labels[:, :2, 0] = truth[:, 1:3, 0] = 1
    labels[0, 0, 1] = truth[0, 0, 1] = 1
    np.testing.assert_allclose(overlaps(labels, truth).dice, [0.5, 1.0])


def test_the_numbers_of_a_volumes_label_map_are_its_segments():
    labels, truth = np.zeros((2, 4, 4), np.uint8), np.zeros((2, 4, 4, 2), np.uint8)
    labels[0], labels[1] = 1, 2
    truth[..., 0] = 1
    truth[1, :, :2, 1] = 1
    # The first segment fills half of what it should; the second twice.
    np.testing.assert_allclose(overlaps(labels, truth).dice, [2 / 3, 2 / 3])


def test_measures_are_mean_median_and_least_and_the_mean_of_each():
    seen = [Overlaps(dice=np.array(pair)) for pair in ([1.0, 0.5], [0.9, 0.5], [0.8, 0.2])]
    found = {each.name: each.of(np.arange(3)) for each in measures(seen, ("Left lung", "Heart"))}
    assert found == {
        "dice_mean": pytest.approx(3.9 / 6),
        "dice_median": pytest.approx(0.65),
        "dice_least": pytest.approx(0.2),
        "left_lung_dice_mean": pytest.approx(0.9),
        "heart_dice_mean": pytest.approx(0.4),
    }


def test_a_single_segment_is_not_told_twice():
    names = [each.name for each in measures([Overlaps(dice=np.array([1.0]))], ("Lungs",))]
    assert names == ["dice_mean", "dice_median", "dice_least"]
