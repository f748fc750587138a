import numpy as np
import pytest

from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.move_boxes import move_boxes
from inference.train.case import Boxes

SHAPE = (100, 100)
STILL = Motion(matrix=np.eye(2), offset=np.zeros(2))


def boxes_of(*corners, masks=None):
    return Boxes(
        boxes=np.array(corners, np.float32), classes=np.arange(len(corners), dtype=np.int32), masks=masks
    )


def turned(degrees):
    turn = np.deg2rad(degrees)
    return around_centre(np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]), SHAPE)


def test_standing_still_keeps_every_corner():
    box = [10.25, 20.5, 40.75, 60.0]
    np.testing.assert_allclose(move_boxes(boxes_of(box), STILL, SHAPE, None).boxes, [box], atol=1e-4)


def test_a_quarter_turn_about_the_centre():
    found = move_boxes(boxes_of([10, 20, 40, 60]), turned(90), SHAPE, None).boxes[0]
    straight = {tuple(np.round(found, 3)), tuple(np.round(100 - found[[2, 3, 0, 1]], 3))}
    assert (20, 60, 60, 90) in straight


@pytest.mark.parametrize("degrees", [15, 30, 45])
def test_a_turned_ellipse_keeps_its_own_extent(degrees):
    """Half axes 20 and 8 at an angle reach sqrt((20 cos)^2 + (8 sin)^2)."""
    turn = np.deg2rad(degrees)
    reach = np.hypot(20 * np.cos(turn), 8 * np.sin(turn)), np.hypot(20 * np.sin(turn), 8 * np.cos(turn))
    found = move_boxes(boxes_of([30, 42, 70, 58]), turned(degrees), SHAPE, None).boxes[0]
    np.testing.assert_allclose(found[2:] - found[:2], 2 * np.array(reach), rtol=0.005)
    np.testing.assert_allclose((found[2:] + found[:2]) / 2, 50, atol=0.05)


def test_the_extent_of_a_mask_stays_the_extent_of_the_mask():
    before, after = np.zeros((2, 1, *SHAPE), np.uint8)
    before[0, 10:40, 20:60] = 1
    after[0, 5:70, 33:44] = 1
    exact = boxes_of([10, 20, 40, 60], masks=before)
    np.testing.assert_array_equal(move_boxes(exact, STILL, SHAPE, list(after)).boxes, [[5, 33, 70, 44]])
    loose = boxes_of([6, 15, 44, 66], masks=before)
    np.testing.assert_allclose(
        move_boxes(loose, STILL, SHAPE, list(after)).boxes, [[6, 15, 44, 66]], atol=1e-3
    )


def test_boxes_that_leave_the_image_are_cut_or_gone():
    away = Motion(matrix=np.eye(2), offset=np.array([0.0, 50.0]))
    found = move_boxes(boxes_of([10, 10, 20, 52], [10, 40, 20, 60], [10, 80, 20, 90]), away, SHAPE, None)
    np.testing.assert_array_equal(found.classes, [1, 2])
    np.testing.assert_allclose(found.boxes, [[10, 0, 20, 10], [10, 30, 20, 40]], atol=1e-3)


def test_no_box_is_none_afterwards():
    empty = Boxes(
        boxes=np.zeros((0, 4), np.float32),
        classes=np.zeros(0, np.int32),
        masks=np.zeros((0, *SHAPE), np.uint8),
    )
    found = move_boxes(empty, STILL, SHAPE, [])
    assert found.boxes.shape == (0, 4)
    assert found.masks.shape == (0, *SHAPE)
