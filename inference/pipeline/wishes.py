"""How results are to be written: what the administrator decides, not the package."""

from dataclasses import dataclass

from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.predecessor import Predecessor
from inference.encode.series_rule import DEFAULT_RULE, SeriesRule


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """``encodings``: every way of storing segmentations that a destination asks for, at least one.

    ``series``: how the results' series are numbered and named. ``replaces``: the results in whose place these are
    given.
    """

    encodings: tuple[Encoding, ...] = (DEFAULT,)
    series: SeriesRule = DEFAULT_RULE
    replaces: tuple[Predecessor, ...] = ()


NO_WISHES = Wishes()
