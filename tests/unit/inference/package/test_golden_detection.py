import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.golden_detection import (
    GoldenDetection,
    read_golden_detection,
    reason_boxes_not_reproduced,
)

BOXES = np.array([[10, 10, 30, 40], [50, 10, 60, 20], [10, 10, 30, 40]], np.float32)
SCORES = np.array([0.9, 0.8, 0.7], np.float32)
CLASSES = np.array([1, 1, 2])


@pytest.fixture
def case() -> GoldenDetection:
    return GoldenDetection(pixels=np.zeros((70, 60), np.float32), boxes=BOXES, scores=SCORES, classes=CLASSES)


def _write(folder, **changes):
    (folder / "golden").mkdir()
    arrays = {"pixels": np.zeros((70, 60)), "boxes": BOXES, "scores": SCORES, "classes": CLASSES} | changes
    np.savez(folder / "golden" / "case.npz", **arrays)


def test_reads_the_case(tmp_path, case):
    _write(tmp_path)
    found = read_golden_detection(tmp_path)
    assert reason_boxes_not_reproduced(found, BOXES, SCORES, CLASSES) is None


def test_the_order_of_boxes_does_not_count(case):
    assert reason_boxes_not_reproduced(case, BOXES[::-1], SCORES[::-1], CLASSES[::-1]) is None


def test_a_little_to_the_side_is_the_same(case):
    assert (
        reason_boxes_not_reproduced(case, BOXES + np.float32(0.2), SCORES + np.float32(0.01), CLASSES) is None
    )


@pytest.mark.parametrize(
    ("boxes", "scores", "classes", "sentence"),
    [
        (BOXES[:2], SCORES[:2], CLASSES[:2], "2 boxes were found, 3 in the golden case"),
        (BOXES + np.array([[0], [3], [0]]), SCORES, CLASSES, "class 1 is not found again"),
        (BOXES, SCORES, np.array([1, 1, 3]), "class 2 is not found again"),
        (BOXES[[0, 0, 2]], SCORES, CLASSES, "class 1 is not found again"),
        (BOXES, SCORES - [0, 0.03, 0], CLASSES, "a score is 0.770, 0.800 in the golden case"),
        (BOXES, SCORES * [1, np.nan, 1], CLASSES, "a score is nan"),
        (BOXES * np.nan, SCORES, CLASSES, "not found again"),
    ],
)
def test_another_answer_is_not_reproduced(case, boxes, scores, classes, sentence):
    given = boxes.astype(np.float32), scores.astype(np.float32), classes
    assert sentence in reason_boxes_not_reproduced(case, *given)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"boxes": BOXES[:2]}, "not of one length"),
        ({"classes": CLASSES[:2]}, "not of one length"),
        ({"boxes": BOXES[:, :3]}, "not of one length"),
        ({"boxes": BOXES[:0], "scores": SCORES[:0], "classes": CLASSES[:0]}, "'boxes' is empty"),
    ],
)
def test_a_case_that_proves_nothing_is_refused(tmp_path, changes, sentence):
    _write(tmp_path, **changes)
    with pytest.raises(PackageInvalid, match=sentence):
        read_golden_detection(tmp_path)
