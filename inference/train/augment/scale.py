"""Make everything larger or smaller."""

import numpy as np

from inference.train.augment.factor import draw_factor
from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.tables import Scale


def scale(step: Scale, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """By the same factor along all axes."""
    return around_centre(np.eye(len(shape)) / draw_factor(step.largest, rng), shape)
