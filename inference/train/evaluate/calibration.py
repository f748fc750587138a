"""Do probabilities come true as often as they say?"""

import numpy as np
import numpy.typing as npt

BINS = 10

Values = npt.NDArray[np.float64]


def calibration_error(probabilities: Values, positive: npt.NDArray[np.bool_]) -> float:
    """The expected calibration error: |mean probability - share of positives| over ten bins, by their cases.

    Guo et al., ICML 2017, arXiv:1706.04599, equation 3, for one class. Both arguments are (cases,).
    """
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = [
        abs(probabilities[bins == b].sum() - positive[bins == b].sum())
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps) / len(probabilities))


def brier(probabilities: Values, positive: npt.NDArray[np.bool_]) -> float:
    """The mean squared distance of the probability from what is true (Brier 1950); 0.25 for one that never decides."""
    return float(np.mean((probabilities - positive) ** 2))
