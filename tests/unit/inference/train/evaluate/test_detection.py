import numpy as np
import pytest

from inference.package.output import Box
from inference.postprocess.detections import Detections
from inference.train.case import Boxes
from inference.train.evaluate.detection import marked, measures

LUNGS = [
    Box(label=label, class_id=k, concept="SCT.Lung", colour_rgb=(0, 0, 0), score_at_least=0.5)
    for k, label in enumerate(("Right lung", "Left lung"))
]
RIGHT, LEFT = [0, 0, 20, 8], [0, 12, 20, 20]


def found(boxes, classes, masks=None):
    return Detections(
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        scores=np.ones(len(classes), np.float32),
        classes=np.array(classes, np.int64),
        masks=masks,
    )


def truth(masks=None):
    return Boxes(boxes=np.array([RIGHT, LEFT], np.float32), classes=np.array([0, 1], np.int32), masks=masks)


def figures(seen):
    return {each.name: each.of(np.arange(len(seen))) for each in measures(seen, LUNGS)}


def test_a_lung_under_the_others_name_is_missed_and_one_too_many():
    seen = marked(found([RIGHT, LEFT], [0, 0]), truth(), (20, 20), 0.5)
    assert (seen.overlaps.tolist(), seen.too_many) == ([1.0, 0.0], 1)


def test_recall_is_over_boxes_and_precision_over_what_was_said():
    all_found = marked(found([RIGHT, LEFT], [0, 1]), truth(), (20, 20), 0.5)
    one_missed = marked(found([[0, 0, 20, 6]], [0]), truth(), (20, 20), 0.5)
    too_many = marked(found([RIGHT, LEFT, [0, 0, 3, 3]], [0, 1, 0]), truth(), (20, 20), 0.5)
    values = figures([all_found, one_missed, too_many])
    assert values["recall"] == pytest.approx(5 / 6)
    assert values["precision"] == pytest.approx(5 / 6)
    assert (values["right_lung_recall"], values["left_lung_recall"]) == (1.0, pytest.approx(2 / 3))
    assert values["overlap_mean"] == pytest.approx((4 + 0.75) / 5)
    assert "mask_dice_mean" not in values


def test_a_mask_is_stretched_over_its_box_and_a_missed_lung_has_none():
    masks = np.zeros((2, 20, 20), np.uint8)
    masks[0, :, :4] = masks[1, :, 12:] = 1
    left_half = np.zeros((1, 4, 4), np.float32)
    left_half[:, :, :2] = 1
    seen = marked(found([RIGHT], [0], left_half), truth(masks), (20, 20), 0.5)
    np.testing.assert_allclose(seen.dice, [1.0, 0.0], atol=0.03)
    values = figures([seen])
    assert values["mask_dice_mean"] == pytest.approx(seen.dice.mean())
    assert values["mask_dice_least"] == 0.0


def test_without_masks_on_either_side_there_is_no_dice_of_masks():
    assert marked(found([RIGHT], [0]), truth(np.zeros((2, 20, 20), np.uint8)), (20, 20), 0.5).dice is None
