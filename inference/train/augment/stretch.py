"""Make the axes unequal."""

import numpy as np

from inference.train.augment.factor import draw_factor
from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.tables import Stretch


def stretch(step: Stretch, shape: tuple[int, ...], rng: np.random.Generator) -> Motion:
    """Each axis by its own factor; their product is 1, so that nothing grows on the whole."""
    factors = np.array([draw_factor(step.largest, rng) for _ in shape])
    return around_centre(np.diag(np.exp(np.log(factors).mean()) / factors), shape)
