"""Boxes in an image: those that the manifest counts, on the source's grid."""

from collections.abc import Sequence

import numpy as np

from inference.confidence.findings import confidence_in_findings
from inference.encode.analysed import Detection
from inference.package.manifest import Manifest
from inference.pipeline.question import Answer, Question
from inference.pipeline.stopwatch import Stopwatch
from inference.postprocess.detections import Detections
from inference.postprocess.non_maximum_suppression import non_maximum_suppression
from inference.postprocess.restore_geometry import restore_boxes
from inference.preprocess.field import Field, Undo


def detect(question: Question, prepared: Field, undos: Sequence[Undo], watch: Stopwatch) -> Answer:
    """Detections in their order, the most certain first; a confidence for each box."""
    with watch.station("predict"):
        raw = question.predictor.detect(prepared.values)
    with watch.station("postprocess"):
        found = Detections(
            boxes=raw["boxes"], scores=raw["scores"], classes=raw["classes"], masks=raw.get("masks")
        )
        for step in question.manifest.postprocess:
            found = non_maximum_suppression(found, step)  # type: ignore[arg-type]  # the manifest allows no other
        found = _that_count(found, question.manifest)
        found = Detections(
            boxes=restore_boxes(found.boxes, undos),
            scores=found.scores,
            classes=found.classes,
            masks=found.masks,
        )
    labels = {box.class_id: box.label for box in question.manifest.output.box}
    confidence = confidence_in_findings([labels[int(kind)] for kind in found.classes], found.scores)
    return Answer(prepared=prepared, found=Detection(detections=found), confidence=confidence)


def _that_count(found: Detections, manifest: Manifest) -> Detections:
    """Of a class the manifest names, with the score it asks for."""
    least = {box.class_id: box.score_at_least for box in manifest.output.box}
    counts = [
        int(kind) in least and score >= least[int(kind)]
        for score, kind in zip(found.scores, found.classes, strict=True)
    ]
    return found.only(np.flatnonzero(counts))
