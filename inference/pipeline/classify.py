"""The probability of each class of an image or a volume."""

from collections.abc import Sequence

from inference.confidence.findings import confidence_in_findings
from inference.encode.analysed import Classification
from inference.pipeline.question import Answer, Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field, Undo


def classify(question: Question, prepared: Field, _: Sequence[Undo], watch: Stopwatch) -> Answer:
    """Probabilities (classes,); a confidence for each finding the manifest names."""
    with watch.station("predict"):
        probabilities = question.predictor.classify(prepared.values)
    findings = question.manifest.output.finding
    confidence = confidence_in_findings(
        [finding.label for finding in findings], probabilities[[finding.channel for finding in findings]]
    )
    found = Classification(probabilities=probabilities)
    return Answer(prepared=prepared, found=found, confidence=confidence)
