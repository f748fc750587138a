"""Mirror along one axis."""

import numpy as np

from inference.train.augment.axes import number_of
from inference.train.augment.motion import Motion
from inference.train.augment.tables import Flip


def flip(step: Flip, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """Always along ``step.axis``: there is nothing to draw but the step's chance."""
    del rng
    axis, ends = number_of(step.axis, shape), np.zeros(len(shape))
    signs = np.ones(len(shape))
    signs[axis], ends[axis] = -1.0, shape[axis] - 1
    return Motion(matrix=np.diag(signs), offset=ends, swap=step.swap)
