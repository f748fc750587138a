"""From stored values to the modality's unit (Modality LUT module and Rescale, PS3.3 C.11.1), for a volume."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from inference.errors import InputUnreadable
from inference.volume.attributes import number
from inference.volume.lookup_table import LookupTable, lookup_table_of

# Whole numbers up to here are exact in float32.
_EXACT = 2**24
_LARGEST = float(np.finfo(np.float32).max) / 2


@dataclass(frozen=True, kw_only=True)
class ModalityLut:
    """``value = slope * stored + intercept``, or what ``table`` has for it."""

    slope: float = 1.0
    intercept: float = 0.0
    table: LookupTable | None = None

    def apply(self, stored: npt.NDArray[Any], out: npt.NDArray[np.float32]) -> None:
        """Write the values of ``stored`` to ``out``, of the same shape, each to the nearest float32."""
        if self.table is not None:
            out[...] = self.table.look_up(stored)
        elif self.slope == 1 and self.intercept.is_integer() and abs(self.intercept) < _EXACT / 2:
            np.add(stored, np.float32(self.intercept), out=out)
        else:
            out[...] = stored * np.float64(self.slope) + self.intercept


def modality_lut_of(header: Dataset) -> ModalityLut:
    """Read it from a header or an item of Pixel Value Transformation Sequence; raises InputUnreadable."""
    if "ModalityLUTSequence" in header:
        return ModalityLut(table=lookup_table_of(header))
    slope, intercept = _factor(header, "RescaleSlope", 1.0), _factor(header, "RescaleIntercept", 0.0)
    if slope == 0 or not math.fabs(slope) * 2**16 + math.fabs(intercept) < _LARGEST:
        raise InputUnreadable(f"the Modality LUT cannot be applied: a Rescale Slope of {slope:g}")
    return ModalityLut(slope=slope, intercept=intercept)


def _factor(header: Dataset, keyword: str, absent: float) -> float:
    if keyword not in header:
        return absent
    found = number(header, keyword)
    if found is None:
        raise InputUnreadable(f"the Modality LUT cannot be applied: {keyword} is no number")
    return found
