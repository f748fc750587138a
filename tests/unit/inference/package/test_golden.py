from dataclasses import replace

import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.golden import GoldenCase, read_golden_case, reason_not_reproduced


@pytest.fixture
def case() -> GoldenCase:
    labels = np.zeros((30, 20, 1), np.uint8)
    labels[5:25, 5:15] = 1
    return GoldenCase(
        pixels=np.zeros((30, 20), np.float32),
        probabilities=np.full((8, 8, 1), 0.4, np.float32),
        labels=labels,
    )


def test_reads_the_case(tmp_path, case):
    (tmp_path / "golden").mkdir()
    np.savez(
        tmp_path / "golden" / "case.npz",
        pixels=case.pixels.astype(np.uint16),
        probabilities=case.probabilities.astype(np.float16),
        labels=case.labels,
    )
    found = read_golden_case(tmp_path)
    assert (found.pixels.dtype, found.probabilities.dtype) == (np.float32, np.float32)
    assert np.array_equal(found.labels, case.labels)


def test_a_package_without_one_is_refused(tmp_path):
    with pytest.raises(PackageInvalid, match="is missing"):
        read_golden_case(tmp_path)


def test_the_same_again_is_reproduced(case):
    assert reason_not_reproduced(case, case.probabilities + 0.019, case.labels) is None


def test_other_probabilities_are_not(case):
    assert "differ by 0.030" in reason_not_reproduced(case, case.probabilities + 0.03, case.labels)


def test_nan_is_not(case):
    assert "differ by nan" in reason_not_reproduced(case, case.probabilities * np.nan, case.labels)


def test_other_labels_are_not(case):
    labels = case.labels.copy()
    labels[5] = 0
    assert "Dice 0.974" in reason_not_reproduced(case, case.probabilities, labels)


def test_another_shape_is_not(case):
    assert "shape" in reason_not_reproduced(case, case.probabilities[:4], case.labels)


def test_two_empty_masks_agree(case):
    empty = replace(case, labels=np.zeros_like(case.labels))
    assert reason_not_reproduced(empty, empty.probabilities, empty.labels) is None
