import math

import numpy as np
import pytest

from inference.package.output import Finding
from inference.train.evaluate.classification import answered, measures

FINDING = Finding(label="PA view", channel=1, concept="SCT.PosteroAnterior", threshold=0.6, positive="PA")


def cases(*pairs):
    return [answered(np.array([1 - p, p], np.float32), np.array([1 - t, t], np.float32)) for p, t in pairs]


def figures(seen, which=None):
    return {
        each.name: each.of(np.arange(len(seen)) if which is None else np.array(which))
        for each in measures(seen, [FINDING])
    }


def test_figures_are_those_of_the_findings_channel_and_threshold():
    found = figures(cases((0.9, 1), (0.5, 1), (0.7, 0), (0.1, 0)))
    assert found["pa_view_auroc"] == pytest.approx(0.75)
    assert found["pa_view_sensitivity"] == 0.5
    assert found["pa_view_specificity"] == 0.5
    assert found["pa_view_brier"] == pytest.approx((0.01 + 0.25 + 0.49 + 0.01) / 4)
    assert 0 < found["pa_view_calibration_error"] < 1


def test_of_negative_cases_alone_only_specificity_is_said():
    found = figures(cases((0.9, 1), (0.7, 0), (0.1, 0)), [1, 2])
    assert math.isnan(found["pa_view_auroc"]) and math.isnan(found["pa_view_sensitivity"])
    assert found["pa_view_specificity"] == 0.5
