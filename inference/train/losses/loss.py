"""From ``[loss]`` to the function that training minimises."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from inference.train.losses.cross_entropy import cross_entropy
from inference.train.losses.dice import dice_loss
from inference.train.losses.focal import focal
from inference.train.losses.tables import (
    CombinationTable,
    CrossEntropyTable,
    DiceTable,
    FocalTable,
    LossTable,
    TverskyTable,
)
from inference.train.losses.tversky import tversky

Loss = Callable[[Any, Any], Any]
"""(targets, probabilities), both (n, …, classes) float32, to a scalar."""


def loss_of(table: LossTable, *, exclusive: bool = False) -> Loss:
    """The loss that ``table`` asks for; ``exclusive``: the classes rule each other out, as a softmax has it."""
    match table:
        case CrossEntropyTable():
            return partial(cross_entropy, exclusive=exclusive, class_weights=table.class_weights)
        case FocalTable():
            return partial(focal, exclusive=exclusive, focus=table.focus, class_weights=table.class_weights)
        case DiceTable():
            return partial(dice_loss, smooth=table.smooth)
        case TverskyTable():
            prices = {"false_positives": table.false_positives, "false_negatives": table.false_negatives}
            return partial(tversky, smooth=table.smooth, **prices)
        case CombinationTable():
            weights = table.weights or (1.0,) * len(table.parts)
            return partial(_sum, [loss_of(part, exclusive=exclusive) for part in table.parts], weights)


def _sum(parts: Sequence[Loss], weights: Sequence[float], targets: Any, probabilities: Any) -> Any:
    return sum(w * part(targets, probabilities) for part, w in zip(parts, weights, strict=True))
