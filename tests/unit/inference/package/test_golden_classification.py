import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.golden_classification import (
    read_golden_classification,
    reason_classes_not_reproduced,
)

PROBABILITIES = np.array([0.1, 0.7], np.float32)


@pytest.fixture
def case(tmp_path):
    (tmp_path / "golden").mkdir()
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4)
    np.savez(tmp_path / "golden" / "case.npz", pixels=pixels, probabilities=PROBABILITIES.astype(np.float16))
    return read_golden_classification(tmp_path)


def test_the_same_within_the_tolerance_is_reproduced(case):
    assert case.pixels.dtype == np.float32
    assert reason_classes_not_reproduced(case, PROBABILITIES + np.float32(0.019)) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (PROBABILITIES + np.array([0, 0.03], np.float32), "differ by 0.03"),
        (PROBABILITIES * np.nan, "differ by nan"),
        (PROBABILITIES[:1], "has .1,. probabilities"),
    ],
)
def test_another_answer_is_not(case, given, sentence):
    assert sentence.replace(".1,.", "(1,)") in reason_classes_not_reproduced(case, given)


def test_maps_are_no_classes(tmp_path):
    (tmp_path / "golden").mkdir()
    np.savez(tmp_path / "golden" / "case.npz", pixels=np.ones((3, 4)), probabilities=np.ones((3, 4, 2)))
    with pytest.raises(PackageInvalid, match="with 3 dimensions, expected 1"):
        read_golden_classification(tmp_path)
