import numpy as np
import pytest

from inference.zoo.detection.design import Design
from inference.zoo.detection.truth import pad_truth

DESIGN = Design(rows=64, columns=96, classes=2)


def test_images_with_different_numbers_of_boxes_share_a_shape():
    boxes, classes = pad_truth([[[0, 0, 64, 96], [1, 2, 3, 4]], []], [[1, 0], []], most=3, design=DESIGN)
    np.testing.assert_array_equal(boxes[0], [[0, 0, 64, 96], [1, 2, 3, 4], [0, 0, 0, 0]])
    np.testing.assert_array_equal(classes, [[1, 0, -1], [-1, -1, -1]])
    assert (boxes.dtype, classes.dtype) == (np.float32, np.int32)


@pytest.mark.parametrize(
    ("box", "kind", "reason"),
    [
        ([5, 5, 5, 9], 0, "is empty or leaves the image of 64 x 96"),
        ([5, 5, 9, 97], 0, "is empty or leaves"),
        ([-1, 5, 9, 9], 0, "is empty or leaves"),
        ([5, 5, float("nan"), 9], 0, "is empty or leaves"),
        ([5, 5, 9, 9], 2, "number the classes from 0"),
        ([5, 5, 9, 9], -1, "number the classes from 0"),
    ],
)
def test_what_cannot_be_learnt_is_refused_with_its_image(box, kind, reason):
    with pytest.raises(ValueError, match=f"image 1 has a .*{reason}"):
        pad_truth([[[0, 0, 9, 9]], [box]], [[0], [kind]], most=2, design=DESIGN)


def test_more_boxes_than_there_is_room_for_are_refused():
    with pytest.raises(ValueError, match="image 0 has 2 boxes; raise 'most', which is 1"):
        pad_truth([[[0, 0, 9, 9]] * 2], [[0, 0]], most=1, design=DESIGN)


def test_a_box_without_a_class_is_refused():
    with pytest.raises(ValueError, match="give one class for each box"):
        pad_truth([[[0, 0, 9, 9]]], [[]], most=1, design=DESIGN)
