"""Turn around the centre."""

import numpy as np

from inference.train.augment.axes import number_of
from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.tables import Rotate


def rotate(step: Rotate, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """By up to ``step.degrees`` either way; of a volume within the two axes other than ``step.around``."""
    turn = np.deg2rad(rng.uniform(-step.degrees, step.degrees))
    kept = number_of(step.around, shape) if len(shape) == 3 else -1
    first, second = [axis for axis in range(len(shape)) if axis != kept]
    matrix = np.eye(len(shape))
    matrix[first, first] = matrix[second, second] = np.cos(turn)
    matrix[first, second], matrix[second, first] = -np.sin(turn), np.sin(turn)
    return around_centre(matrix, shape)
