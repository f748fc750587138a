"""Cross-entropy: what the true answer's probability costs, each class at its own price."""

from collections.abc import Sequence
from typing import Any

import keras

LEAST = 1e-7
"""Probabilities are kept this far from 0 and 1, whose logarithms have no gradient to learn from."""


def cross_entropy(
    targets: Any, probabilities: Any, *, exclusive: bool, class_weights: Sequence[float] | None = None
) -> Any:
    """A scalar, 0 for a sure and right answer.

    ``targets`` and ``probabilities`` are (n, …, classes) float32; targets may be shares. ``exclusive`` (a softmax):
    -Σ w t log p over the classes, the mean of the rest. Otherwise (sigmoids) the mean of
    -(w t log p + (1 - t) log(1 - p)): the weight is that of a class being there.
    Raises ValueError where there are not as many weights as classes.
    """
    return keras.ops.mean(priced(targets, probabilities, exclusive=exclusive, class_weights=class_weights))


def priced(
    targets: Any,
    probabilities: Any,
    *,
    exclusive: bool,
    class_weights: Sequence[float] | None,
    focus: float = 0.0,
) -> Any:
    """What each answer costs before the mean: (n, …) where ``exclusive``, else (n, …, classes).

    With ``focus`` what is right already is cheaper: times (1 - the true answer's probability)^focus.
    """
    weights = weights_of(class_weights, int(targets.shape[-1]))
    sure = keras.ops.clip(probabilities, LEAST, 1.0 - LEAST)
    there = weights * targets * (1.0 - sure) ** focus * -keras.ops.log(sure)
    if exclusive:
        return keras.ops.sum(there, axis=-1)
    return there + (1.0 - targets) * sure**focus * -keras.ops.log(1.0 - sure)


def weights_of(class_weights: Sequence[float] | None, classes: int) -> Any:
    """(classes,) float32: all 1 where none are given."""
    weights = [1.0] * classes if class_weights is None else list(class_weights)
    if len(weights) != classes:
        raise ValueError(
            f"class_weights are {len(weights)}, the network has {classes} classes; give one each"
        )
    return keras.ops.convert_to_tensor(weights, dtype="float32")
