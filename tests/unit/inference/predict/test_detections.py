import numpy as np
import pytest

from inference.errors import PredictionFailed
from inference.package.prediction import DetectionOutputs
from inference.predict.detections import read_detections

IO = DetectionOutputs(boxes="b", scores="s", classes="c", count="n", masks="m")
IMAGE = (100, 200)


def _given(**changes):
    return {
        "b": np.array([[[10, 20, 30, 40], [1, 2, 3, 4], [0, 0, 0, 0]]], np.float32),
        "s": np.array([[0.9, 0.4, 0.0]], np.float32),
        "c": np.array([[2, 0, 0]], np.float32),
        "n": np.array([2], np.int32),
        "m": np.full((1, 3, 4, 4), 0.5, np.float32),
    } | changes


def _failure(io=IO, **changes):
    with pytest.raises(PredictionFailed) as caught:
        read_detections(_given(**changes), io, IMAGE)
    return str(caught.value)


def test_what_is_meant_is_kept():
    found = read_detections(_given(), IO, IMAGE)
    assert found["boxes"].tolist() == [[10, 20, 30, 40], [1, 2, 3, 4]]
    assert found["scores"].tolist() == pytest.approx([0.9, 0.4])
    assert found["classes"].tolist() == [2, 0]
    assert found["classes"].dtype == np.int64
    assert found["masks"].shape == (2, 4, 4)


def test_without_a_count_all_are_meant_and_without_masks_there_are_none():
    io = IO.model_copy(update={"count": None, "masks": None})
    found = read_detections(_given(), io, IMAGE)
    assert len(found["boxes"]) == 3
    assert set(found) == {"boxes", "scores", "classes"}


def test_columns_before_rows_are_put_right():
    io = IO.model_copy(update={"box_order": "columns_first"})
    assert read_detections(_given(), io, IMAGE)["boxes"][0].tolist() == [20, 10, 40, 30]


def test_fractions_become_pixels_of_rows_and_columns():
    io = IO.model_copy(update={"box_unit": "fraction", "box_order": "columns_first"})
    found = read_detections(_given(b=np.array([[[0.25, 0.5, 0.75, 1.0]] * 3], np.float32)), io, IMAGE)
    assert found["boxes"][0].tolist() == [50, 50, 100, 150]
    assert found["boxes"].dtype == np.float32


def test_nothing_found_is_an_answer():
    found = read_detections(_given(n=np.array([0])), IO, IMAGE)
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, 0)


def test_what_is_not_meant_may_hold_anything():
    scores = np.array([[0.9, 0.4, np.nan]], np.float32)
    boxes = _given()["b"].copy()
    boxes[0, 2] = np.inf
    assert len(read_detections(_given(s=scores, b=boxes), IO, IMAGE)["scores"]) == 2


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("b", np.full((1, 3, 4), np.nan, np.float32), "boxes that are no numbers"),
        ("b", np.zeros((1, 3, 5), np.float32), r"boxes of shape (1, 3, 5), expected (1, any, 4)"),
        ("b", np.zeros((2, 3, 4), np.float32), "boxes of shape (2, 3, 4)"),
        ("s", np.full((1, 3), np.nan, np.float32), "no numbers"),
        ("s", np.full((1, 3), 7.0, np.float32), "no probabilities"),
        ("s", np.zeros((1, 2), np.float32), "scores of shape (1, 2), expected (1, 3)"),
        ("c", np.full((1, 3), 0.5, np.float32), "classes that are no whole numbers"),
        ("c", np.full((1, 3), np.nan, np.float32), "classes that are no whole numbers"),
        ("c", np.full((1, 3), np.inf, np.float32), "classes that are no whole numbers"),
        ("c", np.zeros((1, 4), np.float32), "classes of shape (1, 4)"),
        ("n", np.array([4]), "says that 4 of its 3 boxes are meant"),
        ("n", np.array([-1]), "says that -1 of its 3"),
        ("n", np.array([1.5]), "count that are no whole numbers"),
        ("n", np.array([1, 1]), "count of shape (2,)"),
        ("m", np.full((1, 3, 4, 4), -2.0, np.float32), "no probabilities"),
        ("m", np.zeros((1, 2, 4, 4), np.float32), "masks of shape (1, 2, 4, 4)"),
    ],
)
def test_outputs_that_do_not_belong_together_fail_by_name(name, values, sentence):
    assert sentence in _failure(**{name: values})
