"""``[[output.…]]``: what the package gives back, in coded concepts.

Which of these tables a package has follows from its task: see ``agreement``.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from inference.package.declared import ColourRgb, Concept, Declared, LongString, Text, did_you_mean


class Segment(Declared):
    """``[[output.segment]]``: one channel of the output, as Segment Sequence (PS3.3 C.8.20) describes it."""

    label: LongString
    channel: Annotated[int, Field(ge=0)]
    category: Concept
    type: Concept
    laterality: Concept | None = None
    colour_rgb: ColourRgb


class Finding(Declared):
    """``[[output.finding]]``: one class of a classification.

    ``positive`` is the sentence the report states where the probability reaches ``threshold``.
    """

    label: LongString
    channel: Annotated[int, Field(ge=0)]
    concept: Concept
    threshold: Annotated[float, Field(gt=0, lt=1)]
    positive: Text


class Box(Declared):
    """``[[output.box]]``: one class of a detection.

    Boxes of ``class_id`` count where their score reaches ``score_at_least``. With ``mask`` the network gives
    a mask for each box, which becomes one segment (PS3.3 C.8.20); then ``category`` must be there.
    """

    label: LongString
    class_id: Annotated[int, Field(ge=0)]
    category: Concept | None = None
    concept: Concept
    laterality: Concept | None = None
    colour_rgb: ColourRgb
    score_at_least: Annotated[float, Field(gt=0, lt=1)]
    mask: bool = False


Kind = Literal[
    "volume", "area", "longest_diameter", "longest_diameter_3d", "mean", "standard_deviation", "count"
]
Unit = Literal["mm3", "cm3", "mL", "mm2", "cm2", "mm", "cm", "[hnsf'U]", "Bq/ml", "[arb'U]", "1"]
_OF_THE_MODALITY: tuple[Unit, ...] = ("[hnsf'U]", "Bq/ml", "[arb'U]", "1")
UNITS: dict[Kind, tuple[Unit, ...]] = {
    "volume": ("mm3", "cm3", "mL"),
    "area": ("mm2", "cm2"),
    "longest_diameter": ("mm", "cm"),
    "longest_diameter_3d": ("mm", "cm"),
    "mean": _OF_THE_MODALITY,
    "standard_deviation": _OF_THE_MODALITY,
    "count": ("1",),
}
"""Kind of measurement -> the units (UCUM) in which it may be declared."""


class Measurement(Declared):
    """``[[output.measurement]]``: what is measured of each segment, with its UCUM unit."""

    kind: Kind
    code: Concept
    unit: Unit

    @field_validator("unit", mode="before")
    @classmethod
    def _fits_the_kind(cls, unit: object, info: ValidationInfo) -> object:
        allowed = UNITS.get(info.data.get("kind", ""), ())
        if allowed and unit not in allowed:
            hint = did_you_mean(str(unit), list(allowed))
            raise ValueError(
                f"is {unit!r}, but the unit of {info.data['kind']!r} is {' or '.join(allowed)}{hint}"
            )
        return unit


class Output(Declared):
    """``[[output.…]]``: what the package gives back."""

    segment: list[Segment] = Field(default_factory=list)
    finding: list[Finding] = Field(default_factory=list)
    box: list[Box] = Field(default_factory=list)
    measurement: list[Measurement] = Field(default_factory=list)

    @property
    def channels(self) -> list[int]:
        """The channel of each segment, in their order."""
        return [segment.channel for segment in self.segment]

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each segment, in their order."""
        return tuple(segment.label for segment in self.segment)
