import numpy as np
import pytest

from inference.package.steps import NonMaximumSuppression
from inference.postprocess.detections import Detections
from inference.postprocess.non_maximum_suppression import non_maximum_suppression

# The second overlaps the first by 8 of 12 (intersection over union), the third lies elsewhere.
BOXES = [[0, 0, 10, 10], [0, 2, 10, 12], [20, 20, 30, 30]]


def _kept(boxes=BOXES, scores=(0.9, 0.8, 0.7), classes=(1, 1, 1), **keys):
    found = Detections(
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        scores=np.array(scores, np.float32),
        classes=np.array(classes, np.int64),
    )
    step = NonMaximumSuppression(step="non_maximum_suppression", **keys)
    return non_maximum_suppression(found, step).scores.round(3).tolist()


def test_of_two_that_overlap_the_more_certain_stays():
    assert _kept() == pytest.approx([0.9, 0.7])
    assert _kept(scores=(0.8, 0.9, 0.95)) == pytest.approx([0.95, 0.9])


@pytest.mark.parametrize(("at_most", "count"), [(0.66, 2), (0.67, 3)])
def test_how_much_overlap_is_allowed_is_declared(at_most, count):
    assert len(_kept(overlap_at_most=at_most)) == count


def test_classes_do_not_suppress_each_other():
    assert len(_kept(classes=(1, 2, 1))) == 3


def test_what_is_not_certain_enough_goes():
    assert _kept(score_at_least=0.75) == pytest.approx([0.9])
    assert _kept(scores=(0.5, 0.4, 0.3), score_at_least=0.5) == pytest.approx([0.5])


def test_no_more_than_declared():
    assert _kept(keep_at_most=1) == pytest.approx([0.9])


def test_a_suppressed_box_suppresses_nothing():
    row = [[0, 0, 10, 10], [0, 4, 10, 14], [0, 8, 10, 18]]
    assert _kept(row, overlap_at_most=0.2) == pytest.approx([0.9, 0.7])


def test_boxes_without_an_area_and_no_boxes_at_all():
    assert _kept([[5, 5, 5, 9], [9, 9, 3, 3], [0, 0, 1, 1]]) == pytest.approx([0.7])
    assert _kept([], (), ()) == []
