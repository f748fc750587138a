"""Dice of probabilities: overlap as a whole, so that a small part counts as much as a large one.

Milletari, Navab and Ahmadi, 3DV 2016, arXiv:1606.04797; sums, not squares, in the denominator.
"""

from typing import Any

import keras


def dice_loss(targets: Any, probabilities: Any, *, smooth: float = 1.0) -> Any:
    """The mean over images and classes of 1 - soft Dice, a scalar; (n, …, classes) float32 both."""
    return keras.ops.mean(1.0 - soft_dice(targets, probabilities, smooth=smooth))


def soft_dice(targets: Any, probabilities: Any, *, smooth: float = 1.0) -> Any:
    """(n, classes): (2 Σ t p + s) / (Σ t + Σ p + s); ``smooth`` pixels keep an empty pair at 1."""
    axes = tuple(range(1, len(targets.shape) - 1))
    both = keras.ops.sum(targets * probabilities, axis=axes)
    sizes = keras.ops.sum(targets, axis=axes) + keras.ops.sum(probabilities, axis=axes)
    return (2.0 * both + smooth) / (sizes + smooth)
