"""What all tables of model.toml are made of: frozen, no unknown keys, texts that a DICOM file can hold."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from inference.package.concept import require_known


class Declared(BaseModel):
    """Base of every table in model.toml: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# Goes into result instances as it is: in every character set, and without the backslash that parts values.
Text = Annotated[str, Field(pattern=r"^[ -\[\]-~]+$")]
LongString = Annotated[Text, Field(max_length=64)]
ShortString = Annotated[Text, Field(max_length=16)]

Part = Annotated[int, Field(ge=0, le=255)]
ColourRgb = tuple[Part, Part, Part]


class Range(Declared):
    """A number of a DICOM attribute that must lie within these limits, both included."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> "Range":
        if self.at_least is None and self.at_most is None:
            raise ValueError("limits nothing; give at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} lies above at_most {self.at_most:g}")
        return self


class ExplicitCode(Declared):
    """A concept that pydicom's dictionaries do not hold (PS3.3 section 8.8)."""

    value: ShortString
    scheme: ShortString
    meaning: LongString


def _kind_of_concept(given: object) -> str:
    return "explicit" if isinstance(given, dict | ExplicitCode) else "keyword"


Concept = Annotated[
    Annotated[str, AfterValidator(require_known), Tag("keyword")] | Annotated[ExplicitCode, Tag("explicit")],
    Discriminator(_kind_of_concept),
]
"""A keyword of pydicom's dictionaries (``SCT.Lung``), or the code in full."""


def did_you_mean(word: str, known: list[str]) -> str:
    """``"; did you mean 'x'?"`` where something close is known, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
