"""``[[output.…]]``: what the package gives back, in coded concepts."""

from typing import Annotated, Literal

from pydantic import Field

from inference.package.declared import Concept, Declared, LongString


class Segment(Declared):
    """``[[output.segment]]``: one channel of the output, as Segment Sequence (PS3.3 C.8.20) describes it."""

    label: LongString
    channel: Annotated[int, Field(ge=0)]
    category: Concept
    type: Concept
    laterality: Concept | None = None
    colour_rgb: tuple[int, int, int]


class Measurement(Declared):
    """``[[output.measurement]]``: what is measured of each segment, with its UCUM unit."""

    kind: Literal["area"]
    code: Concept
    unit: Literal["mm2"]


class Output(Declared):
    """``[[output.…]]``: what the package gives back."""

    segment: Annotated[list[Segment], Field(min_length=1)]
    measurement: list[Measurement] = Field(default_factory=list)
