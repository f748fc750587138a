import numpy as np

from inference.zoo.detection.anchors import anchor_grid, pyramid_anchors


def test_centres_lie_in_the_middle_of_cells_and_columns_run_first():
    anchors = anchor_grid(2, 3, stride=8, sizes=[4.0], ratios=[1.0])
    centres = (anchors[:, :2] + anchors[:, 2:]) / 2
    np.testing.assert_array_equal(centres, [[4, 4], [4, 12], [4, 20], [12, 4], [12, 12], [12, 20]])


def test_a_ratio_changes_the_shape_and_not_the_area():
    anchors = anchor_grid(1, 1, stride=16, sizes=[32.0, 64.0], ratios=[0.25, 1.0, 4.0])
    sides = anchors[:, 2:] - anchors[:, :2]
    np.testing.assert_allclose(sides, [[16, 64], [32, 32], [64, 16], [32, 128], [64, 64], [128, 32]])


def test_levels_follow_each_other_with_sizes_that_grow_with_their_stride():
    anchors = pyramid_anchors(64, 32, strides=[8, 16], scales=[2.0, 3.0], ratios=[1.0])
    assert len(anchors) == (8 * 4 + 4 * 2) * 2
    assert anchors.dtype == np.float32
    np.testing.assert_array_equal(anchors[0], [-4, -4, 12, 12])
    np.testing.assert_array_equal(anchors[8 * 4 * 2], [-8, -8, 24, 24])
    np.testing.assert_array_equal(anchors[-1], [32, 0, 80, 48])
