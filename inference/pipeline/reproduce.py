"""Does the model give for its golden case what it gave when the package was made?"""

from pathlib import Path

from inference.encode.analysed import Classification, Detection, Segmentation
from inference.errors import GeometryRefused, PackageInvalid, PredictionFailed
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.golden_classification import (
    read_golden_classification,
    reason_classes_not_reproduced,
)
from inference.package.golden_detection import read_golden_detection, reason_boxes_not_reproduced
from inference.package.manifest import Manifest
from inference.pipeline.answer import answer
from inference.pipeline.question import Answer, Question
from inference.pipeline.stopwatch import Stopwatch
from inference.predict import Predictor
from inference.preprocess.field import Field


def reproduce(folder: Path, manifest: Manifest, predictor: Predictor) -> Answer:
    """What the model gives for the golden case; raises PackageInvalid where it is another answer, or none."""
    match manifest.model.task:
        case "classification":
            return _reproduce_classes(folder, manifest, predictor)
        case "detection":
            return _reproduce_boxes(folder, manifest, predictor)
        case _:
            return _reproduce_segments(folder, manifest, predictor)


def _reproduce_segments(folder: Path, manifest: Manifest, predictor: Predictor) -> Answer:
    case = read_golden_case(folder)
    channels = case.probabilities.shape[-1]
    if any(channel >= channels for channel in manifest.output.channels):
        raise PackageInvalid(f"a segment's channel is not among the {channels} of the golden case")
    given = _answer(Field(values=case.pixels, affine=case.affine), manifest, predictor)
    assert isinstance(given.found, Segmentation) and given.maps is not None
    if given.maps.shape != case.probabilities.shape:
        raise PackageInvalid(
            f"the network gives {given.maps.shape}, the golden case {case.probabilities.shape}"
        )
    _require(reason_not_reproduced(case, given.maps, given.found.labels))
    return given


def _reproduce_classes(folder: Path, manifest: Manifest, predictor: Predictor) -> Answer:
    case = read_golden_classification(folder)
    if any(finding.channel >= len(case.probabilities) for finding in manifest.output.finding):
        raise PackageInvalid(
            f"a finding's channel is not among the {len(case.probabilities)} of the golden case"
        )
    given = _answer(Field(values=case.pixels, affine=case.affine), manifest, predictor)
    assert isinstance(given.found, Classification)
    _require(reason_classes_not_reproduced(case, given.found.probabilities))
    return given


def _reproduce_boxes(folder: Path, manifest: Manifest, predictor: Predictor) -> Answer:
    case = read_golden_detection(folder)
    given = _answer(Field(values=case.pixels, affine=case.affine), manifest, predictor)
    assert isinstance(given.found, Detection)
    found = given.found.detections
    _require(reason_boxes_not_reproduced(case, found.boxes, found.scores, found.classes))
    return given


def _answer(field: Field, manifest: Manifest, predictor: Predictor) -> Answer:
    question = Question(field=field, manifest=manifest, predictor=predictor, keep_maps=True)
    try:
        return answer(question, Stopwatch())
    except (PredictionFailed, GeometryRefused) as error:
        raise PackageInvalid(f"the golden case cannot be run: {error}") from error


def _require(reason: str | None) -> None:
    if reason:
        raise PackageInvalid(f"the golden case is not reproduced: {reason}")
