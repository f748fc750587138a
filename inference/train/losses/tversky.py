"""Tversky loss: overlap, where marking too much and too little cost what the recipe says (Salehi et al. 2017).

MLMI at MICCAI 2017, arXiv:1706.05721. With one half for each it is Dice.
"""

from typing import Any

import keras


def tversky(
    targets: Any, probabilities: Any, *, false_positives: float, false_negatives: float, smooth: float
) -> Any:
    """The mean over images and classes of 1 - (TP + s) / (TP + a FP + b FN + s), a scalar.

    ``targets`` and ``probabilities`` are (n, …, classes) float32, in planes or volumes.
    """
    return keras.ops.mean(
        1.0
        - tversky_index(
            targets,
            probabilities,
            false_positives=false_positives,
            false_negatives=false_negatives,
            smooth=smooth,
        )
    )


def tversky_index(
    targets: Any, probabilities: Any, *, false_positives: float, false_negatives: float, smooth: float
) -> Any:
    """(n, classes): 1 where both are the same, and where both are empty."""
    axes = tuple(range(1, len(targets.shape) - 1))
    both = keras.ops.sum(targets * probabilities, axis=axes)
    too_much = keras.ops.sum((1.0 - targets) * probabilities, axis=axes)
    too_little = keras.ops.sum(targets * (1.0 - probabilities), axis=axes)
    return (both + smooth) / (both + false_positives * too_much + false_negatives * too_little + smooth)
