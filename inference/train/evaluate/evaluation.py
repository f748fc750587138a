"""How good a packed model is: the figures, and the sentences that people read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.intp]
Figures = Mapping[str, float | int]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``figures`` go into model.toml and card.md by their names; ``sentences`` say the same in words.

    A figure with an interval has ``<name>_low`` and ``<name>_high`` beside it; one of a group is called
    ``<fact>_<value>_<name>``.
    """

    figures: Figures
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure, as a function of which cases count.

    ``of`` takes the indices of cases, of which a resample repeats some, and gives NaN where nothing can be said of
    them. ``is_main``: it gets an interval, and is told by group.
    """

    name: str
    words: str
    of: Callable[[Indices], float]
    is_main: bool = False
