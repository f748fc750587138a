"""The curve from signal to grey: a power, and a gain that the whole head would have decided."""

import numpy as np

from inference.train.synthesis.along import Volume
from inference.train.synthesis.draw import between
from inference.train.synthesis.tables import Tone


def bent(image: Volume, table: Tone, rng: np.random.Generator) -> Volume:
    """``image`` in 0..1 to a random power."""
    power = np.exp(table.gamma * rng.standard_normal())
    return np.asarray(np.clip(image, 0, 1) ** np.float32(power), np.float32)


def exposed(image: Volume, table: Tone, rng: np.random.Generator) -> Volume:
    """``image`` in 0..1 times a random gain, clipped to 0..1 again."""
    return np.asarray(np.minimum(image * np.float32(between(table.gain, rng)), 1), np.float32)
