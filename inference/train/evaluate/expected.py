"""Which figures an evaluation may give, known before anything is learnt: a card that names another is told early."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from inference.package.manifest import Manifest
from inference.train.evaluate import classification, detection, segmentation
from inference.train.evaluate.evaluation import Measure
from inference.train.evaluate.groups import facts_told_apart
from inference.train.evaluate.names import figure_name
from inference.train.evaluate.observed import Answered, Marked, Overlaps
from inference.train.evaluate.tables import EvaluateTable

_NONE = np.zeros(0)


def expected_figures(
    facts: Sequence[Mapping[str, str]], manifest: Manifest, table: EvaluateTable
) -> frozenset[str]:
    """Every name that ``summarise`` may give of cases with these ``facts``; it gives fewer where nothing can be said.

    Raises TrainingRefused where ``table`` names a fact that no case has.
    """
    kind = "images" if manifest.input.each == "instance" else "volumes"
    found = {"validation_patients", f"validation_{kind}"}
    measures = _measures(manifest)
    for measure in measures:
        found |= {measure.name, *(f"{measure.name}_{end}" for end in ("low", "high") if measure.is_main)}
    for group in _groups(facts, table):
        found |= {f"{group}_{kind}", *(f"{group}_{each.name}" for each in measures if each.is_main)}
    return frozenset(found)


def _measures(manifest: Manifest) -> tuple[Measure, ...]:
    """Those of one case of which nothing is known: their names are all that is asked."""
    output = manifest.output
    match manifest.model.task:
        case "classification":
            channels = np.zeros(1 + max(finding.channel for finding in output.finding))
            return classification.measures(
                [Answered(probabilities=channels, shares=channels)], output.finding
            )
        case "detection":
            dice = _NONE if any(box.mask for box in output.box) else None
            marked = Marked(classes=_NONE.astype(np.int64), overlaps=_NONE, too_many=0, dice=dice)
            return detection.measures([marked], output.box)
    return segmentation.measures([Overlaps(dice=np.zeros(len(output.labels)))], output.labels)


def _groups(facts: Sequence[Mapping[str, str]], table: EvaluateTable) -> Iterator[str]:
    for fact in facts_told_apart(facts, table):
        for value in sorted({each.get(fact, "") for each in facts}):
            yield f"{figure_name(fact)}_{figure_name(value)}"
