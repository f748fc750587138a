"""``[results]``: which instances the package gives beside SEG and SR."""

from typing import Literal

from pydantic import Field, field_validator

from inference.package.declared import Declared

AlsoKind = Literal["summary", "presentation_state", "probability_map"]


class Results(Declared):
    """``[results]``: more kinds of instances, for those who can use them.

    ``summary``: a Secondary Capture of the picture and of what was found in words, for a PACS that shows neither SEG
    nor SR. ``presentation_state``: contours as Grayscale Softcopy Presentation State. ``probability_map``: the
    probabilities of each segment of a volume as a Parametric Map.
    """

    also: list[AlsoKind] = Field(default_factory=list)

    @field_validator("also")
    @classmethod
    def _each_once(cls, value: list[AlsoKind]) -> list[AlsoKind]:
        if len(set(value)) < len(value):
            raise ValueError("names a kind twice")
        return value
