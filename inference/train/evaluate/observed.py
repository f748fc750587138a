"""What the chain said of one case, beside what is true of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Overlaps:
    """Of a segmentation: ``dice`` (segments,), in the manifest's order."""

    dice: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Of a classification: what was said and what is true, (classes,) both; ``shares`` are 0 or 1."""

    probabilities: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Of a detection: for each true box its class, and the intersection over union with the box that found it.

    ``classes`` (n,), ``overlaps`` (n,), 0 where none found it; ``dice`` (n,) of the masks, where there are some.
    ``too_many``: boxes that found nothing.
    """

    classes: npt.NDArray[np.int64]
    overlaps: npt.NDArray[np.float64]
    too_many: int
    dice: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One case. ``patient``: its key in the data, for counting and resampling only."""

    patient: str
    facts: Mapping[str, str]
    seen: Overlaps | Answered | Marked
