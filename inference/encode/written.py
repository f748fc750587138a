"""SEG instances as they were written, and where in them a segment is found: a report refers to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.encode.analysed import EncodedResult


@dataclass(frozen=True, kw_only=True)
class Written:
    """``numbers``: label -> Segment Number in this instance."""

    result: EncodedResult
    numbers: Mapping[str, int]


def instance_with(label: str, written: Sequence[Written]) -> Written | None:
    """The instance that holds the segment; None where nothing of it was found."""
    return next((each for each in written if label in each.numbers), None)
