"""Move along the axes."""

import numpy as np

from inference.train.augment.motion import Motion
from inference.train.augment.tables import Shift


def shift(step: Shift, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """Along each axis by its own share of its length."""
    shares = rng.uniform(-step.largest, step.largest, len(shape))
    return Motion(matrix=np.eye(len(shape)), offset=shares * np.array(shape))
