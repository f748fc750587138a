"""Measures of all cases, with their intervals, and of each group that the data tells apart."""

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np

from inference.package.manifest import Manifest
from inference.train.evaluate import classification, detection, segmentation
from inference.train.evaluate.bootstrap import interval
from inference.train.evaluate.evaluation import Evaluation, Indices, Measure
from inference.train.evaluate.groups import facts_told_apart
from inference.train.evaluate.names import figure_name
from inference.train.evaluate.observed import Answered, Marked, Observed, Overlaps
from inference.train.evaluate.tables import EvaluateTable

Told = tuple[dict[str, float | int], str]
"""Figures, and the sentence that says them."""


def summarise(observed: Sequence[Observed], manifest: Manifest, table: EvaluateTable) -> Evaluation:
    """Figures and sentences of cases that were observed, perhaps with a model each, as in cross-validation.

    Raises TrainingRefused where ``table`` names a fact that no case has.
    """
    found = _measures(observed, manifest)
    told = [_counts(observed, manifest)]
    told += [_of_all(measure, observed, table) for measure in found]
    kind = _kind(manifest)
    told += [
        each for measure in found if measure.is_main for each in _by_group(measure, observed, table, kind)
    ]
    said = [(figures, sentence) for figures, sentence in told if figures]
    return Evaluation(
        figures={name: value for figures, _ in said for name, value in figures.items()},
        sentences=tuple(sentence for _, sentence in said),
    )


def _measures(observed: Sequence[Observed], manifest: Manifest) -> tuple[Measure, ...]:
    seen, output = [each.seen for each in observed], manifest.output
    match manifest.model.task:
        case "classification":
            return classification.measures(cast(list[Answered], seen), output.finding)
        case "detection":
            return detection.measures(cast(list[Marked], seen), output.box)
    return segmentation.measures(cast(list[Overlaps], seen), output.labels)


def _counts(observed: Sequence[Observed], manifest: Manifest) -> Told:
    kind = _kind(manifest)
    patients = len({each.patient for each in observed})
    figures: dict[str, float | int] = {"validation_patients": patients, f"validation_{kind}": len(observed)}
    return figures, f"{len(observed)} {kind} of {patients} patients not learnt from"


def _kind(manifest: Manifest) -> str:
    return "images" if manifest.input.each == "instance" else "volumes"


def _of_all(measure: Measure, observed: Sequence[Observed], table: EvaluateTable) -> Told:
    value = measure.of(np.arange(len(observed)))
    if np.isnan(value):
        return {}, ""
    figures: dict[str, float | int] = {measure.name: _rounded(value)}
    sentence = f"{measure.words} {value:.3f}"
    patients = [each.patient for each in observed]
    limits = (
        interval(patients, measure.of, resamples=table.resamples, confidence=table.confidence)
        if measure.is_main
        else None
    )
    if limits is not None:
        figures |= {f"{measure.name}_low": _rounded(limits[0]), f"{measure.name}_high": _rounded(limits[1])}
        sentence += f" ({limits[0]:.3f} to {limits[1]:.3f})"
    return figures, sentence


def _by_group(
    measure: Measure, observed: Sequence[Observed], table: EvaluateTable, kind: str
) -> Iterator[Told]:
    for fact in facts_told_apart([each.facts for each in observed], table):
        values = [each.facts.get(fact, "") for each in observed]
        for value in sorted(set(values)):
            which = np.flatnonzero([each == value for each in values])
            yield _of_group(measure, fact, value, which, kind)


def _of_group(measure: Measure, fact: str, value: str, which: Indices, kind: str) -> Told:
    figure, count = measure.of(which), f"{len(which)} {kind}"
    group = f"{figure_name(fact)}_{figure_name(value)}"
    words = f"{measure.words} for {fact} {value or 'unknown'}"
    figures: dict[str, float | int] = {f"{group}_{kind}": len(which)}
    if np.isnan(figure):
        return figures, f"{words}: nothing can be said ({count})"
    figures[f"{group}_{measure.name}"] = _rounded(figure)
    return figures, f"{words}: {figure:.3f} ({count})"


def _rounded(value: float) -> float:
    return round(float(value), 4)
