import numpy as np

from inference.train.synthesis.truth import masks_of, segment_map
from tests.unit.inference.train.synthesis.given import anatomy


def voxel(*numbers):
    """One voxel whose points lie in these labels."""
    codes = [anatomy().numbers.index(number) for number in numbers]
    return [np.full((1, 1, 1), code, np.uint8) for code in codes]


def segment(*numbers):
    return segment_map(voxel(*numbers), anatomy()).item()


def test_most_points_decide():
    assert segment(4, 2, 2, 2) == 1
    assert segment(2, 4, 4, 4) == 2
    assert segment(500, 4, 500, 0) == 0


def test_labels_of_one_segment_vote_together():
    # Left and right brain are one segment: three votes against one.
    assert segment(4, 2, 41, 2) == 1
    assert segment(4, 4, 2, 41) == 2  # two against two: the one met first


def test_a_mask_for_each_segment():
    masks = masks_of(np.array([[[0, 1, 2]]], np.uint8), 3)
    assert masks.shape == (1, 1, 3, 3)
    assert masks.dtype == np.uint8
    assert masks[0, 0].tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
