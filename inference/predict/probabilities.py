"""Is what a network gave what it said it would give?"""

from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import PredictionFailed

# The last digit of bfloat16 near 1, and some.
ROUNDING = 0.01


def require_probabilities(values: npt.NDArray[np.float32]) -> None:
    """Raise PredictionFailed where a value is no number, or lies outside of 0..1."""
    if values.size == 0:
        raise PredictionFailed("the network gave an empty answer")
    # Both are NaN where any value is, and then the comparison is false.
    lowest, highest = float(values.min()), float(values.max())
    if np.isnan(lowest):
        raise PredictionFailed("the network gave values that are no numbers")
    if not (lowest >= -ROUNDING and highest <= 1 + ROUNDING):
        raise PredictionFailed(
            f"the network gave values from {lowest:.3g} to {highest:.3g}, which are no probabilities; "
            "it must end in a sigmoid or softmax"
        )


def require_shape(what: str, values: npt.NDArray[Any], expected: tuple[int | None, ...]) -> None:
    """Raise PredictionFailed where ``values`` has another shape; None stands for any length."""
    fits = values.ndim == len(expected) and all(
        wanted in (None, found) for wanted, found in zip(expected, values.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if length is None else str(length) for length in expected)
        raise PredictionFailed(f"the network gave {what} of shape {values.shape}, expected ({wanted})")
