"""Numbers drawn as the tables say."""

import numpy as np

from inference.train.synthesis.tables import Between


def between(limits: Between, rng: np.random.Generator) -> float:
    """A number from the range, evenly."""
    return float(rng.uniform(limits.least, limits.most))


def happens(share: float, rng: np.random.Generator) -> bool:
    """True in this share of the draws."""
    return bool(rng.random() < share)
