import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Boxes
from inference.train.sources.boxes import boxes_of, has_boxes, on_image, with_masks
from inference.train.sources.tables import BoxColumns

LISTED = [{"boxes": [{"label": "left", "bbox": [3, 5, 10, 20]}, {"label": "right", "bbox": [15, 6, 8, 9]}]}]
ROWS = [
    {"label": "left", "x": "3", "y": "5", "width": "10", "height": "20"},
    {"label": "right", "x": "15", "y": "6", "width": "8", "height": "9"},
]
CLASSES = ("left", "right")


@pytest.mark.parametrize("records", [LISTED, ROWS], ids=["listed", "rows"])
def test_corners_and_classes(records):
    found = boxes_of(records, BoxColumns(), CLASSES, "a.png")
    np.testing.assert_array_equal(found.boxes, [[5, 3, 25, 13], [6, 15, 15, 23]])
    np.testing.assert_array_equal(found.classes, [0, 1])
    assert (found.boxes.dtype, found.classes.dtype) == (np.float32, np.int32)


def test_the_other_form():
    found = boxes_of(
        [{"boxes": [{"label": "left", "bbox": [3, 5, 13, 25]}]}], BoxColumns(form="xyxy"), CLASSES, "a.png"
    )
    np.testing.assert_array_equal(found.boxes, [[5, 3, 25, 13]])


@pytest.mark.parametrize(
    "records",
    [[{"boxes": []}], [{"boxes": None}], [{"label": "", "x": "", "y": "", "width": "", "height": ""}]],
)
def test_an_image_without_a_box_says_so(records):
    assert has_boxes(records, BoxColumns())
    assert boxes_of(records, BoxColumns(), CLASSES, "a.png").boxes.shape == (0, 4)


def test_an_image_that_says_nothing_of_boxes():
    assert not has_boxes([{"image": "a.png"}], BoxColumns())


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ([3, 5, 10], "not four numbers"),
        ([3, 5, 10, "wide"], "not four numbers"),
        (5, "not four numbers"),
        ("3571", "not four numbers"),
        (None, "not four numbers"),
        ([3, 5, 0, 20], "empty or turned over"),
        ([3, 5, -4, 20], "empty or turned over"),
        ([3, 5, float("nan"), 20], "empty or turned over"),
    ],
)
def test_what_is_no_box_is_refused(box, sentence):
    with pytest.raises(TrainingRefused, match=sentence):
        boxes_of([{"boxes": [{"label": "left", "bbox": box}]}], BoxColumns(), CLASSES, "a.png")


@pytest.mark.parametrize(
    "listed", [3, [[0, 0, 3, 3]], [3], {"label": "left", "bbox": [0, 0, 3, 3]}, "", "left"]
)
def test_what_is_no_list_of_boxes_is_refused(listed):
    with pytest.raises(
        TrainingRefused, match=r"'boxes' of a\.png is no list of boxes, each such as .*correct it"
    ):
        boxes_of([{"boxes": listed}], BoxColumns(), CLASSES, "a.png")


def test_a_box_is_cut_to_its_image_but_not_far():
    found = on_image(boxes_of(LISTED, BoxColumns(), CLASSES, "a.png"), (24, 23), "a.png")
    np.testing.assert_array_equal(found.boxes, [[5, 3, 24, 13], [6, 15, 15, 23]])
    with pytest.raises(TrainingRefused, match="leaves the image of 20 x 23"):
        on_image(found, (20, 23), "a.png")
    with pytest.raises(TrainingRefused, match="volume"):
        on_image(found, (20, 40, 40), "a.nii")


def test_each_box_has_its_own_part_of_one_mask():
    """Two boxes that overlap by two columns: each pixel belongs to one of them."""
    truth = Boxes(
        boxes=np.array([[0, 0, 10, 11], [0, 9, 10, 20]], np.float32), classes=np.array([0, 1], np.int32)
    )
    plane = np.zeros((12, 22), np.uint8)
    plane[2:8, 1:20] = 1
    left, right = with_masks(truth, plane).masks
    np.testing.assert_array_equal(left + right, plane)
    assert left[:, :10].sum() == 6 * 9
    assert right[:, 10:].sum() == 6 * 10


def test_what_lies_in_no_box_is_nobodys():
    truth = Boxes(boxes=np.array([[0, 0, 4, 4]], np.float32), classes=np.zeros(1, np.int32))
    (mask,) = with_masks(truth, np.ones((8, 8), np.uint8)).masks
    np.testing.assert_array_equal(np.argwhere(mask).max(axis=0), [3, 3])
    assert with_masks(
        Boxes(boxes=np.zeros((0, 4), np.float32), classes=np.zeros(0, np.int32)), mask
    ).masks.shape == (0, 8, 8)
