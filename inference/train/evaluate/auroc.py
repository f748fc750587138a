"""The area under the receiver operating characteristic, and what probabilities are worth beside it."""

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]


def auroc(scores: Values, positive: npt.NDArray[np.bool_]) -> float:
    """How often a positive case has a higher score than a negative one; ties count half (Hanley and McNeil 1982).

    ``scores`` and ``positive`` are (cases,). NaN where one of the two kinds is missing.
    """
    there = int(positive.sum())
    absent = len(positive) - there
    if not there or not absent:
        return float("nan")
    ranks = stats.rankdata(scores)
    return float((ranks[positive].sum() - there * (there + 1) / 2) / (there * absent))
