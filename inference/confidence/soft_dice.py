"""How decided the network was about what it marked."""

import numpy as np
import numpy.typing as npt


def soft_dice(probabilities: npt.NDArray[np.float32], mask: npt.NDArray[np.uint8]) -> float:
    """Overlap 2 * sum(p * m) / (sum(p) + sum(m)) of a probability map with the mask made from it.

    Both (rows, columns). 1 where every probability is 0 or 1 as the mask says; lower with every doubtful
    pixel. 0 where nothing was marked: there is nothing to be sure of.
    """
    if not mask.any():
        return 0.0
    overlap = float(probabilities[mask > 0].sum(dtype=np.float64))
    return 2 * overlap / (float(probabilities.sum(dtype=np.float64)) + float(np.count_nonzero(mask)))
