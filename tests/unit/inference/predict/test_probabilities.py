import numpy as np
import pytest

from inference.errors import PredictionFailed
from inference.predict.probabilities import require_probabilities, require_shape


def test_probabilities_pass():
    require_probabilities(np.array([0.0, 0.5, 1.0, 1.004], np.float32))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (np.nan, "no numbers"),
        (np.inf, "no probabilities"),
        (-np.inf, "no probabilities"),
        (7.5, "from 0.5 to 7.5, which are no probabilities"),
        (-3.0, "must end in a sigmoid or softmax"),
    ],
)
def test_what_is_none_fails_by_name(value, sentence):
    with pytest.raises(PredictionFailed, match=sentence):
        require_probabilities(np.array([0.5, value], np.float32))


def test_an_empty_answer_fails_by_name():
    with pytest.raises(PredictionFailed, match="empty"):
        require_probabilities(np.zeros((0, 3), np.float32))


def test_the_shape_that_was_asked_for_passes():
    require_shape("a map", np.zeros((1, 8, 8, 3)), (1, 8, 8, None))


@pytest.mark.parametrize("shape", [(1, 4, 8, 3), (1, 8, 8), (2, 8, 8, 3)])
def test_another_shape_fails_by_name(shape):
    with pytest.raises(PredictionFailed, match=r"a map of shape .*, expected \(1, 8, 8, any\)"):
        require_shape("a map", np.zeros(shape), (1, 8, 8, None))
