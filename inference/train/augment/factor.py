"""A factor as likely to be f as 1/f."""

import numpy as np


def draw_factor(largest: float, rng: np.random.Generator) -> float:
    """From 1/``largest`` to ``largest``, evenly in its logarithm."""
    return float(largest ** rng.uniform(-1.0, 1.0))
