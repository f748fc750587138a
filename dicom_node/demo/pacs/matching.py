"""Does a held value match the value of a query key (PS3.4 C.2.2.2)?

Single value, list of UID, universal, wild card and date range matching; upper and lower case differ, and a
person's name is matched as one text. No other range, no sequence, no multiple value matching.
"""

from fnmatch import fnmatchcase
from typing import Final

from pydicom.datadict import dictionary_VR

RETURNED_ONLY: Final = frozenset(
    {"NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances", "NumberOfSeriesRelatedInstances"}
)
"""Keys that are counted for the answer and never matched, whatever value they come with."""


def is_match(keyword: str, wanted: str, held: str) -> bool:
    """Return whether `held` (several values joined by a backslash) matches the key's value `wanted`."""
    if not wanted or keyword in RETURNED_ONLY:
        return True
    if dictionary_VR(keyword) == "UI":
        return held in wanted.split("\\")
    if dictionary_VR(keyword) == "DA":
        return _is_date_match(wanted, held)
    return any(_is_wild_card_match(wanted, value) for value in held.split("\\"))


def _is_date_match(wanted: str, held: str) -> bool:
    first, dash, last = (part.strip() for part in wanted.partition("-"))
    if not dash:
        return held == wanted
    return bool(held) and (first or held) <= held <= (last or held)


def _is_wild_card_match(wanted: str, held: str) -> bool:
    # DICOM knows * and ? alone; fnmatch would read a bracket as a set of characters.
    return fnmatchcase(held, wanted.replace("[", "[[]"))
