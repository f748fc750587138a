"""Focal loss: what is learnt already weighs little, so that the rare is not drowned (Lin et al., ICCV 2017).

arXiv:1708.02002, equation 5. The detector of the zoo has its own, on logits of anchors.
"""

from collections.abc import Sequence
from typing import Any

import keras

from inference.train.losses.cross_entropy import priced


def focal(
    targets: Any,
    probabilities: Any,
    *,
    exclusive: bool,
    focus: float = 2.0,
    class_weights: Sequence[float] | None = None,
) -> Any:
    """A scalar; arguments as of ``cross_entropy``, which it is with ``focus`` 0."""
    costs = priced(targets, probabilities, exclusive=exclusive, class_weights=class_weights, focus=focus)
    return keras.ops.mean(costs)
