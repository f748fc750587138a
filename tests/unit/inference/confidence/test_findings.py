import numpy as np
import pytest

from inference.confidence.findings import confidence_in_findings


def test_each_finding_has_its_probability():
    one, other = confidence_in_findings(["Effusion", "Nodule"], np.array([0.25, 1.0], np.float32))
    assert (one.label, one.certainty, one.kind) == ("Effusion", 0.25, "calibrated_probability")
    assert (other.label, other.certainty) == ("Nodule", 1.0)


def test_no_certainty_lies_beyond_the_whole():
    (found,) = confidence_in_findings(["Nodule"], np.array([1.004], np.float32))
    assert found.certainty == 1


def test_a_label_too_few_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        confidence_in_findings(["Nodule"], np.zeros(2, np.float32))
