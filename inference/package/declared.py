"""What all tables of model.toml are made of: frozen, no unknown keys, texts that a DICOM file can hold."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Declared(BaseModel):
    """Base of every table in model.toml: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Goes into result instances as it is: in every character set, and without the backslash that parts values.
Text = Annotated[str, Field(pattern=r"^[ -\[\]-~]+$")]
LongString = Annotated[Text, Field(max_length=64)]
ShortString = Annotated[Text, Field(max_length=16)]


class Range(Declared):
    """A number of a DICOM attribute that must lie within these limits, both included."""

    at_least: float | None = None
    at_most: float | None = None


class ExplicitCode(Declared):
    """A concept that pydicom's dictionaries do not hold (PS3.3 section 8.8)."""

    value: ShortString
    scheme: ShortString
    meaning: LongString


Concept = str | ExplicitCode
"""A keyword of pydicom's dictionaries (``SCT.Lung``), or the code in full."""


def did_you_mean(word: str, known: list[str]) -> str:
    """``"; did you mean 'x'?"`` where something close is known, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
