"""``[input]``: which instances the model gets, by DICOM keyword."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Tag
from pydicom.datadict import tag_for_keyword

from inference.package.declared import Range, did_you_mean


def _kind_of_rule(given: object) -> str:
    return "limits" if isinstance(given, dict | Range) else "values"


Rule = Annotated[
    Annotated[list[str], Tag("values")] | Annotated[Range, Tag("limits")], Discriminator(_kind_of_rule)
]


class Input(BaseModel):
    """``[input]``: DICOM keywords with what they may hold.

    A list names the allowed values; the empty string in it allows the attribute to be absent
    or empty. A table sets limits for a number. ``each`` says what one analysis is made from.
    ``on_many`` and ``on_none`` say what to do where several, or none, of a study fit.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    each: Literal["instance", "series"]
    on_many: Literal["all", "first", "refuse"] = "all"
    on_none: Literal["ignore", "tell"] = "ignore"
    __pydantic_extra__: dict[str, Rule]

    @property
    def rules(self) -> dict[str, list[str] | Range]:
        """DICOM keyword -> what it may hold."""
        return self.__pydantic_extra__ or {}


def unknown_keywords(keys: Iterable[str]) -> dict[str, str]:
    """Those of the keys of ``[input]`` that are no DICOM keyword, with the sentence that says so."""
    known = [*Input.model_fields, *_dicom_keywords()]
    strange = [key for key in keys if key not in Input.model_fields and tag_for_keyword(key) is None]
    return {key: f"is no DICOM keyword{did_you_mean(key, known)}" for key in strange}


def _dicom_keywords() -> list[str]:
    from pydicom._dicom_dict import DicomDictionary

    return [entry[4] for entry in DicomDictionary.values()]
