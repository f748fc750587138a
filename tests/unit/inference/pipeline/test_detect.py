from types import SimpleNamespace

import numpy as np

from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field

FOUND = {
    "boxes": np.tile(np.array([1, 2, 3, 4], np.float32), (3, 1)),
    "scores": np.array([0.9, 0.8, 0.3], np.float32),
    "classes": np.array([1, 7, 1]),
}
MANIFEST = SimpleNamespace(
    model=SimpleNamespace(task="detection"),
    preprocess=[],
    postprocess=[],
    output=SimpleNamespace(box=[SimpleNamespace(class_id=1, score_at_least=0.5, label="Nodule")]),
)


def _ask():
    predictor = SimpleNamespace(detect=lambda _: FOUND)
    field = Field(values=np.zeros((9, 9), np.float32), affine=None)
    return answer(Question(field=field, manifest=MANIFEST, predictor=predictor), Stopwatch())


def test_boxes_of_a_class_that_is_not_declared_or_too_uncertain_do_not_count():
    found = _ask().found.detections
    assert (found.classes.tolist(), found.scores.tolist()) == ([1], [np.float32(0.9)])


def test_each_box_that_counts_has_its_probability_as_confidence():
    (told,) = _ask().confidence
    assert (told.label, told.kind, round(told.certainty, 3)) == ("Nodule", "calibrated_probability", 0.9)
