"""One labelled image becomes many: it is moved with its mask, then its look is changed without it."""

import numpy as np
import numpy.typing as npt

from inference.train.look import change_look
from inference.train.movement import move

Plane = npt.NDArray[np.float32]


def augment(image: Plane, mask: Plane, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """A new (image, mask) pair, both (rows, columns) float32, the image in 0..1 and the mask 0 or 1.

    The mask is emptied under drawn borders: what the detector did not see is no lung to be found.
    """
    image, mask = move(image, mask, rng)
    image = change_look(image, rng)
    if rng.random() < 0.35:
        image, mask = draw_borders(image, mask, rng)
    return image, mask


def draw_borders(image: Plane, mask: Plane, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Black or white bars on some sides, as collimation, padding and digitised film leave them."""
    image, mask = image.copy(), mask.copy()
    value = np.float32(rng.choice([0.0, 0.0, 0.0, 1.0]))
    for quarter_turns in range(4):
        width = int(rng.random() * 0.12 * len(image)) if rng.random() < 0.5 else 0
        np.rot90(image, quarter_turns)[:width] = value
        np.rot90(mask, quarter_turns)[:width] = 0.0
    return image, mask
