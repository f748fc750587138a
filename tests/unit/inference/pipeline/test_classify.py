from types import SimpleNamespace

import numpy as np

from inference.encode.analysed import Classification
from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field
from tests.unit.inference.encode.given import CLASSES, manifest_of


def _answered(probabilities):
    predictor = SimpleNamespace(classify=lambda _: np.array(probabilities, np.float32))
    field = Field(values=np.zeros((8, 8), np.float32), affine=None)
    return answer(Question(field=field, manifest=manifest_of(CLASSES), predictor=predictor), Stopwatch())


def test_the_probabilities_are_those_of_the_network():
    given = _answered([0.25, 0.5])
    assert isinstance(given.found, Classification)
    assert given.found.probabilities.tolist() == [0.25, 0.5]


def test_each_finding_of_the_manifest_has_the_probability_of_its_own_channel():
    findings = manifest_of(CLASSES).output.finding
    assert [finding.channel for finding in findings] != [0, 1]  # else the order would prove nothing
    told = {each.label: each.certainty for each in _answered([0.25, 0.5]).confidence}
    assert told == {finding.label: [0.25, 0.5][finding.channel] for finding in findings}
