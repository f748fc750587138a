"""Preprocess, predict, postprocess: a model's answer to one input, the same in serving, packing and evaluation."""

from inference.pipeline.classify import classify
from inference.pipeline.detect import detect
from inference.pipeline.question import Answer, Question
from inference.pipeline.segment_image import segment_image
from inference.pipeline.segment_volume import segment_volume
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess import preprocess


def answer(question: Question, watch: Stopwatch) -> Answer:
    """Take the input through these stations, timed by ``watch``. Raises PredictionFailed, GeometryRefused."""
    with watch.station("preprocess"):
        prepared, undos = preprocess(question.field, question.manifest.preprocess)
    match question.manifest.model.task:
        case "classification":
            return classify(question, prepared, undos, watch)
        case "detection":
            return detect(question, prepared, undos, watch)
    if question.field.affine is None:
        return segment_image(question, prepared, undos, watch)
    return segment_volume(question, prepared, undos, watch)
