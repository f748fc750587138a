"""One case through the whole chain of serving, at the source's own size."""

from inference.encode.analysed import Classification, Detection, Segmentation
from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.predict import Predictor
from inference.train.case import Boxes, Case, Class, Labelled, Mask
from inference.train.evaluate.classification import answered
from inference.train.evaluate.detection import marked
from inference.train.evaluate.observed import Answered, Marked, Observed, Overlaps
from inference.train.evaluate.segmentation import overlaps
from inference.train.evaluate.tables import EvaluateTable


def observe(case: Case, manifest: Manifest, predictor: Predictor, table: EvaluateTable) -> Observed:
    """What the model says of ``case`` and what is true. Raises TrainingRefused where the label is of another task."""
    labelled = case.read()
    return Observed(
        patient=case.patient, facts=case.facts, seen=_seen(labelled, case.name, manifest, predictor, table)
    )


def _seen(
    labelled: Labelled, name: str, manifest: Manifest, predictor: Predictor, table: EvaluateTable
) -> Overlaps | Answered | Marked:
    question = Question(field=labelled.field, manifest=manifest, predictor=predictor)
    match answer(question, Stopwatch()).found, labelled.truth:
        case Segmentation(labels=labels), Mask(segments=segments):
            return overlaps(labels, segments)
        case Classification(probabilities=probabilities), Class(shares=shares):
            return answered(probabilities, shares)
        case Detection(detections=detections), Boxes() as boxes:
            return marked(detections, boxes, labelled.field.values.shape, table.overlap)
    raise TrainingRefused(f"{name}: its label is of another task than the model's, {manifest.model.task}")
