"""How far a figure might lie elsewhere with other patients of the same kind (Efron 1979).

Patients are drawn, not images: a patient's images are alike, and drawing them apart would make intervals too narrow.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

SEED = 0

Indices = npt.NDArray[np.intp]


def interval(
    patients: Sequence[str], of: Callable[[Indices], float], *, resamples: int, confidence: float
) -> tuple[float, float] | None:
    """The percentile interval of ``of``, or None where fewer than two patients, or nearly no draw, say anything.

    ``patients``: whose each case is. ``of`` takes the indices of the cases of the patients drawn, with repeats, and
    gives NaN where nothing can be said of them (one class only): such draws are left out. The same seed each time.
    """
    groups = _cases_of_each(patients)
    if len(groups) < 2:
        return None
    rng = np.random.default_rng(SEED)
    draws = [
        of(np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))]))
        for _ in range(resamples)
    ]
    said = np.array([draw for draw in draws if not np.isnan(draw)])
    if len(said) < resamples / 2:
        return None
    low, high = np.quantile(said, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _cases_of_each(patients: Sequence[str]) -> list[Indices]:
    names = np.array(patients)
    return [np.flatnonzero(names == name) for name in sorted(set(patients))]
