"""What training minimises: overlap as a whole, and each pixel's own probability."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

SMOOTH = 1.0


def dice_and_cross_entropy(labels: Any, probabilities: Any) -> Any:
    """Mean over the batch of (1 - soft Dice) + binary cross-entropy.

    Both arguments are (n, rows, columns, classes) float32; the value is a scalar, 0 for a sure and perfect map.
    """
    entropy = keras.ops.mean(keras.losses.binary_crossentropy(labels, probabilities))
    return keras.ops.mean(1.0 - soft_dice(labels, probabilities)) + entropy


def soft_dice(labels: Any, probabilities: Any) -> Any:
    """(n, classes) Dice of probabilities; ``SMOOTH`` pixels keep an empty pair at 1 (Milletari 2016)."""
    both = keras.ops.sum(labels * probabilities, axis=(1, 2))
    sizes = keras.ops.sum(labels, axis=(1, 2)) + keras.ops.sum(probabilities, axis=(1, 2))
    return (2.0 * both + SMOOTH) / (sizes + SMOOTH)


def dice(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Dice of two masks of the same shape; two empty masks agree, so 1."""
    a, b = np.asarray(first, bool), np.asarray(second, bool)
    size = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / size if size else 1.0
