from types import SimpleNamespace

import numpy as np
import pytest

from inference.train.evaluate.observed import Answered, Observed, Overlaps
from inference.train.evaluate.summary import summarise
from inference.train.evaluate.tables import EvaluateTable

TABLE = EvaluateTable(resamples=100)


def manifest(task, each="instance", **output):
    return SimpleNamespace(
        model=SimpleNamespace(task=task),
        input=SimpleNamespace(each=each),
        output=SimpleNamespace(**{"labels": ("Lungs",), **output}),
    )


def observed(patient, dice, **facts):
    return Observed(patient=patient, facts=facts, seen=Overlaps(dice=np.array([dice])))


def test_a_group_without_the_fact_is_called_unknown():
    cases = [observed("a", 0.9, sex="f"), observed("b", 0.5, sex="m"), observed("c", 0.7)]
    found = summarise(cases, manifest("segmentation"), TABLE)
    assert found.figures["sex_f_dice_mean"] == 0.9
    assert (found.figures["sex_unknown_images"], found.figures["sex_unknown_dice_mean"]) == (1, 0.7)
    assert "mean Dice for sex unknown: 0.700 (1 images)" in found.sentences
    assert not any(name.startswith("age") for name in found.figures)


def test_volumes_are_counted_as_volumes():
    figures = summarise(
        [observed("a", 0.9, sex="f"), observed("b", 0.8, sex="f")], manifest("segmentation", "series"), TABLE
    ).figures
    assert (figures["validation_volumes"], figures["sex_f_volumes"]) == (2, 2)
    assert not any("images" in name for name in figures)


def test_of_a_single_patient_there_is_no_interval():
    figures = summarise([observed("a", 0.9), observed("a", 0.8)], manifest("segmentation"), TABLE).figures
    assert figures["dice_mean"] == pytest.approx(0.85)
    assert "dice_mean_low" not in figures


def test_what_cannot_be_said_is_no_figure():
    finding = SimpleNamespace(label="PA", channel=0, threshold=0.5)
    seen = [
        Observed(
            patient=patient,
            facts={"sex": sex},
            seen=Answered(probabilities=np.array([said]), shares=np.array([true])),
        )
        for patient, sex, said, true in (("a", "f", 0.9, 1.0), ("b", "f", 0.2, 0.0), ("c", "m", 0.3, 0.0))
    ]
    found = summarise(seen, manifest("classification", finding=[finding]), TABLE)
    assert found.figures["pa_auroc"] == found.figures["sex_f_pa_auroc"] == 1.0
    assert found.figures["sex_m_images"] == 1 and "sex_m_pa_auroc" not in found.figures
    assert "AUROC of PA for sex m: nothing can be said (1 images)" in found.sentences
    assert not any(np.isnan(value) for value in found.figures.values())
