"""``[[rule]]``: what an expert knows of the anatomy, declared; judged after the model has spoken.

Each rule is about the connected parts of one segment, or about the segment as a whole. Where it is broken the
result is flagged, or what breaks it is removed; either way the report says so.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from inference.package.declared import Declared, LongString, did_you_mean

OnBreach = Literal["flag", "remove"]


class Inside(Declared):
    """Every part of ``segment`` lies inside ``others``: of its pixels, or of its surface in a volume, a ``share``."""

    rule: Literal["inside"]
    segment: LongString
    others: Annotated[list[LongString], Field(min_length=1)]
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    on_breach: OnBreach = "flag"


class NumberOfParts(Declared):
    """``segment`` has so many connected parts; what is removed are the smallest of too many."""

    rule: Literal["number_of_parts"]
    segment: LongString
    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: Annotated[int, Field(ge=0)] | None = None
    on_breach: OnBreach = "flag"

    @model_validator(mode="after")
    def _limits_something(self) -> "NumberOfParts":
        if self.at_least == 0:
            _require_limits(None, self.at_most)
        else:
            _require_limits(self.at_least, self.at_most)
        return self


class VolumeBetween(Declared):
    """``segment`` as a whole has a volume within these limits; for volumes."""

    rule: Literal["volume_between"]
    segment: LongString
    at_least_ml: Annotated[float, Field(ge=0)] | None = None
    at_most_ml: Annotated[float, Field(ge=0)] | None = None
    on_breach: OnBreach = "flag"

    @model_validator(mode="after")
    def _limits_something(self) -> "VolumeBetween":
        _require_limits(self.at_least_ml, self.at_most_ml)
        return self


class AreaBetween(Declared):
    """``segment`` as a whole has an area within these limits; for images."""

    rule: Literal["area_between"]
    segment: LongString
    at_least_mm2: Annotated[float, Field(ge=0)] | None = None
    at_most_mm2: Annotated[float, Field(ge=0)] | None = None
    on_breach: OnBreach = "flag"

    @model_validator(mode="after")
    def _limits_something(self) -> "AreaBetween":
        _require_limits(self.at_least_mm2, self.at_most_mm2)
        return self


class OnSide(Declared):
    """The centre of every part of ``segment`` lies on this side of the middle of the body, the patient's own.

    The body is what is brighter than ``body_above``; for volumes.
    """

    rule: Literal["on_side"]
    segment: LongString
    side: Literal["left", "right"]
    body_above: float
    on_breach: OnBreach = "flag"


class MeanBetween(Declared):
    """The mean of the source's voxels, in the modality's unit, is within these limits in every part."""

    rule: Literal["mean_between"]
    segment: LongString
    at_least: float | None = None
    at_most: float | None = None
    on_breach: OnBreach = "flag"

    @model_validator(mode="after")
    def _limits_something(self) -> "MeanBetween":
        _require_limits(self.at_least, self.at_most)
        return self


class Excludes(Declared):
    """No part of ``segment`` overlaps ``other``, or touches it where ``touching`` is forbidden."""

    rule: Literal["excludes"]
    segment: LongString
    other: LongString
    touching: Literal["forbidden", "allowed"] = "forbidden"
    on_breach: OnBreach = "flag"


Rule = Annotated[
    Inside | NumberOfParts | VolumeBetween | AreaBetween | OnSide | MeanBetween | Excludes,
    Field(discriminator="rule"),
]


def segments_not_there(rules: list[Any], labels: list[str]) -> Iterator[tuple[int, str, str]]:
    """(index, key, sentence) for each segment that a plain ``[[rule]]`` table names and that is not declared."""
    for index, rule in enumerate(rules):
        for key in ("segment", "other", "others"):
            for named in _texts(rule.get(key)):
                if named not in labels:
                    hint = did_you_mean(named, labels)
                    yield index, key, f"is {named!r}, but no [[output.segment]] has that label{hint}"
                elif key != "segment" and named == rule.get("segment"):
                    yield index, key, f"is {named!r}, the segment itself"


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _require_limits(at_least: float | None, at_most: float | None) -> None:
    if at_least is None and at_most is None:
        raise ValueError("limits nothing; give the least, the most, or both")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"at_least {at_least:g} lies above at_most {at_most:g}")
