"""What is expected is held to what ``summarise`` gives."""

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.output import Box, Finding, Output
from inference.train.evaluate.expected import expected_figures
from inference.train.evaluate.observed import Answered, Marked, Observed, Overlaps
from inference.train.evaluate.summary import summarise
from inference.train.evaluate.tables import EvaluateTable

TABLE = EvaluateTable(resamples=100)
FACTS = [{"sex": sex, "device": ""} for sex in ("F", "M", "", "F", "M", "F")]


def finding(label, channel):
    return Finding(label=label, channel=channel, concept="SCT.Lung", threshold=0.5, positive="there")


def box(label, number, *, mask):
    return Box(
        label=label,
        class_id=number,
        category="SCT.AnatomicalStructure",
        concept="SCT.Lung",
        colour_rgb=(0, 0, 0),
        score_at_least=0.5,
        mask=mask,
    )


def of_task(manifest, task, **output):
    model = manifest.model.model_copy(update={"task": task})
    return manifest.model_copy(update={"model": model, "output": Output(**output)})


def marked(number, *, mask):
    overlaps = np.array([0.8, 0.6])
    classes = np.array([0, 1])
    return Marked(classes=classes, overlaps=overlaps, too_many=number % 2, dice=overlaps if mask else None)


def cases(manifest):
    """The manifest of each task, and what was seen of six patients of whom everything can be said."""
    answers = [np.array([share, 1 - share]) for share in (0.9, 0.2, 0.8, 0.3, 0.6, 0.1)]
    yield manifest, [Overlaps(dice=np.array([0.9, 0.1 * k])) for k in range(6)]
    both = [finding("Dark", 0), finding("Right side", 1)]
    answered = [Answered(probabilities=each, shares=np.rint(each)) for each in answers]
    yield of_task(manifest, "classification", finding=both), answered
    for mask in (False, True):
        boxes = [box("Left lung", 0, mask=mask), box("Right lung", 1, mask=mask)]
        yield of_task(manifest, "detection", box=boxes), [marked(k, mask=mask) for k in range(6)]


def test_it_is_what_a_whole_evaluation_gives(manifest):
    for kind, seen in cases(manifest):
        observed = [
            Observed(patient=f"p{k}", facts=facts, seen=each)
            for k, (facts, each) in enumerate(zip(FACTS, seen, strict=True))
        ]
        given = set(summarise(observed, kind, TABLE).figures)
        expected = expected_figures(FACTS, kind, TABLE)
        assert given <= expected
        # Of the one patient without a sex there is no area under a curve.
        assert {name for name in expected - given if not name.startswith("sex_unknown_")} == set()


def test_volumes_are_counted_as_volumes(manifest):
    series = manifest.model_copy(update={"input": manifest.input.model_copy(update={"each": "series"})})
    found = expected_figures(FACTS, series, TABLE)
    assert {"validation_volumes", "sex_f_volumes"} <= found
    assert not any(name.endswith("images") for name in found)


def test_a_fact_that_no_case_has_is_told(manifest):
    with pytest.raises(TrainingRefused, match="which the data does not say"):
        expected_figures(FACTS, manifest, EvaluateTable(by=("device",)))
