"""What the changes of look have in common: they see values in 0..1, whatever the package's preprocessing gives."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]
Look = Callable[[Values, Any, np.random.Generator], Values]


def as_unit(values: Values) -> tuple[Values, float, float]:
    """``values`` in 0..1 between their least and their largest, with the least and the range that lead back."""
    least, largest = float(values.min()), float(values.max())
    extent = largest - least or 1.0
    return (values - np.float32(least)) / np.float32(extent), least, extent


def from_unit(unit: Values, least: float, extent: float) -> Values:
    """The way back of ``as_unit``; what left 0..1 is cut off."""
    return (np.clip(unit, 0.0, 1.0) * np.float32(extent) + np.float32(least)).astype(np.float32)
