"""Another window."""

import numpy as np

from inference.train.augment.look import Values
from inference.train.augment.tables import Contrast


def contrast(values: Values, step: Contrast, rng: np.random.Generator) -> Values:
    """Steeper or flatter around a grey of the middle, then brighter or darker."""
    centre, factor = np.float32(rng.uniform(0.3, 0.7)), np.float32(rng.uniform(*step.factor))
    return (values - centre) * factor + centre + np.float32(rng.uniform(-step.brightness, step.brightness))
