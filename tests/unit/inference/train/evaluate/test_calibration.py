import numpy as np
import pytest

from inference.train.evaluate.calibration import brier, calibration_error


def test_probabilities_that_come_true_have_no_error():
    said = np.array([0.25] * 4 + [0.75] * 4)
    true = np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)
    assert calibration_error(said, true) == pytest.approx(0.0)


def test_each_bin_counts_by_its_cases():
    # Three of 0.95 of which one comes true, one of 0.05 that does not: (3 * (0.95 - 1/3) + 0.05) / 4.
    error = calibration_error(np.array([0.95, 0.95, 0.95, 0.05]), np.array([1, 0, 0, 0], bool))
    assert error == pytest.approx((2.85 - 1 + 0.05) / 4)


def test_certainty_has_a_bin_too():
    assert calibration_error(np.array([1.0, 0.0]), np.array([0, 1], bool)) == 1.0


def test_brier_score():
    assert brier(np.array([1.0, 0.0]), np.array([1, 0], bool)) == 0.0
    assert brier(np.array([0.5, 0.5]), np.array([1, 0], bool)) == 0.25
    assert brier(np.array([0.9, 0.2]), np.array([1, 1], bool)) == pytest.approx((0.01 + 0.64) / 2)
