from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.train.case import Boxes, Class, Example
from inference.train.learn.detection import DetectionLesson
from inference.train.losses.tables import CrossEntropyTable, DiceTable, FocalTable
from inference.zoo.detection.design import Design
from inference.zoo.faster_rcnn import faster_rcnn
from inference.zoo.mask_rcnn import mask_rcnn

MANIFEST = read_manifest(Path(__file__).parents[5] / "inference" / "train" / "recipes" / "cxr_lung_boxes")
PLAIN = CrossEntropyTable(kind="cross_entropy")
DESIGN = Design(
    rows=64, columns=64, classes=2, strides=(8, 16), pyramid_channels=8, hidden=16, proposals=8, detections=3
)
RIGHT, LEFT = [8.0, 4.0, 56.0, 28.0], [8.0, 36.0, 56.0, 60.0]


def truth(boxes=(RIGHT, LEFT), classes=(0, 1), masks=None):
    return Boxes(
        boxes=np.array(boxes, np.float32).reshape(-1, 4), classes=np.array(classes, np.int32), masks=masks
    )


def both_lungs():
    masks = np.zeros((2, 64, 64), np.uint8)
    masks[0, 8:56, 4:28] = masks[1, 8:56, 36:60] = 1
    return masks


def test_targets_have_one_shape_whatever_is_there():
    lesson = DetectionLesson(faster_rcnn(DESIGN, base=4), MANIFEST, PLAIN)
    boxes, classes = lesson.targets([truth(), truth((), ()), truth((LEFT,), (1,))])
    assert (boxes.shape, boxes.dtype, classes.shape, classes.dtype) == (
        (3, 3, 4),
        np.float32,
        (3, 3),
        np.int32,
    )
    assert classes.tolist() == [[0, 1, -1], [-1, -1, -1], [1, -1, -1]]
    assert boxes[2, 0].tolist() == LEFT


def test_a_mask_head_is_given_masks_and_asks_for_them():
    lesson = DetectionLesson(mask_rcnn(DESIGN, base=4), MANIFEST, PLAIN)
    *_, masks = lesson.targets([truth(masks=both_lungs())])
    assert (masks.shape, masks.dtype) == ((1, 3, 64, 64), np.uint8)
    np.testing.assert_array_equal(masks[0, :2], both_lungs())
    assert not masks[0, 2].any()
    with pytest.raises(TrainingRefused, match=r"name them in \[data.boxes\] masks, or use faster_rcnn"):
        lesson.targets([truth()])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Class(shares=np.ones(2, np.float32)), "a detection learns from boxes"),
        (truth([RIGHT] * 4, [0] * 4), "has 4 boxes; raise 'most', which is 3"),
        (truth([RIGHT], [2]), "class"),
    ],
)
def test_what_a_detector_cannot_learn_from_is_refused(given, sentence):
    lesson = DetectionLesson(faster_rcnn(DESIGN, base=4), MANIFEST, PLAIN)
    with pytest.raises(TrainingRefused, match=sentence):
        lesson.targets([given])


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (DiceTable(kind="dice"), "'dice' is not for boxes; use cross_entropy or focal"),
        (CrossEntropyTable(kind="cross_entropy", class_weights=(1, 2)), "class_weights are not for boxes"),
        (FocalTable(kind="focal", focus=1.0), "focus of a detector is 2"),
    ],
)
def test_a_loss_that_a_detector_has_not_is_refused(loss, sentence):
    with pytest.raises(TrainingRefused, match=sentence):
        DetectionLesson(SimpleNamespace(network=None), MANIFEST, loss)


def test_with_focal_loss_the_sum_is_another():
    keras.utils.set_random_seed(0)
    detector, images = faster_rcnn(DESIGN, base=4), np.zeros((1, 64, 64, 1), np.float32)
    plain, focal = (
        float((lesson := DetectionLesson(detector, MANIFEST, loss)).loss(images, *lesson.targets([truth()])))
        for loss in (PLAIN, FocalTable(kind="focal"))
    )
    assert np.isfinite([plain, focal]).all() and abs(plain - focal) > 0.1


def score(boxes, classes, scores, masks=None, true_masks=None):
    """Of a detector that always says the same."""
    count, room = len(boxes), 3
    said = {
        "boxes": np.zeros((1, room, 4), np.float32),
        "classes": np.zeros((1, room), np.int32),
        "scores": np.zeros((1, room), np.float32),
        "valid": np.array([count], np.int32),
    }
    if count:
        said["boxes"][0, :count], said["classes"][0, :count], said["scores"][0, :count] = (
            boxes,
            classes,
            scores,
        )
    if masks is not None:
        said["masks"] = np.zeros((1, room, 4, 4), np.float32)
        said["masks"][0, :count] = masks
    network = lambda images, training: said  # noqa: E731
    lesson = DetectionLesson(SimpleNamespace(network=network), MANIFEST, PLAIN)
    return lesson.score([Example(values=np.zeros((64, 64), np.float32), truth=truth(masks=true_masks))])


def test_score_is_the_overlap_of_what_was_found_less_what_was_missed_or_too_many():
    assert score([RIGHT, LEFT], [0, 1], [0.9, 0.9]) == pytest.approx(1.0)
    half = [8.0, 4.0, 56.0, 22.0]  # 18 of 24 columns
    assert score([half, LEFT], [0, 1], [0.9, 0.9]) == pytest.approx((0.75 + 1) / 2)
    assert score([RIGHT], [0], [0.9]) == pytest.approx(1 / 1.5)
    assert score([RIGHT, LEFT, [0, 0, 9, 9]], [0, 1, 1], [0.9, 0.9, 0.9]) == pytest.approx(2 / 2.5)
    assert score([], [], []) == 0.0


def test_the_wrong_side_and_too_low_a_score_are_not_found():
    assert score([RIGHT, LEFT], [1, 0], [0.9, 0.9]) == 0.0
    assert score([RIGHT, LEFT], [0, 1], [0.9, 0.4]) == pytest.approx(1 / 1.5)


def test_with_masks_a_pair_counts_its_masks_too():
    whole = np.ones((2, 4, 4), np.float32)
    assert score([RIGHT, LEFT], [0, 1], [0.9, 0.9], whole, both_lungs()) == pytest.approx(1.0)
    upper = whole.copy()
    upper[1, 2:] = 0
    # The left lung's box overlaps fully, its mask has a Dice of 2/3.
    found = score([RIGHT, LEFT], [0, 1], [0.9, 0.9], upper, both_lungs())
    assert found == pytest.approx((1 + (1 + 2 / 3) / 2) / 2, abs=0.02)
