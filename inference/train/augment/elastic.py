"""A smooth random warp."""

import numpy as np

from inference.train.augment.motion import Motion
from inference.train.augment.smooth import draw_smooth
from inference.train.augment.tables import Elastic


def elastic(step: Elastic, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """Control points are displaced at random, the more the larger a spread is drawn; between them it is smooth."""
    spread = rng.uniform(0.0, step.spread) * max(shape)
    warp = np.stack([draw_smooth(shape, step.knots, spread, rng) for _ in shape])
    return Motion(matrix=np.eye(len(shape)), offset=np.zeros(len(shape)), warp=warp)
