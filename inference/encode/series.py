"""Which series a result is: its number and description, by a rule that the administrator may change."""

from typing import Any

from inference.encode.analysed import Analysed
from inference.encode.equipment import LONG_STRING
from inference.encode.series_rule import SeriesRule
from inference.encode.wording import plain

LARGEST_NUMBER = 2**31 - 1
"""Of an IS (PS3.5 section 6.2)."""


def series_attributes(analysed: Analysed, kind: str, place: int) -> dict[str, Any]:
    """Series Number, Series Description, Instance Number (a series holds one instance), Content Qualification.

    ``kind``: its name in the description. ``place``: what it adds to the number.
    """
    return {
        "series_number": series_number(analysed.series, _number_of_source(analysed), place),
        "series_description": _description(analysed, kind),
        "instance_number": 1,
        "content_qualification": "RESEARCH" if analysed.manifest.model.research_only else "PRODUCT",
    }


def series_number(rule: SeriesRule, of_source: int, place: int) -> int:
    """By the rule; as if the source had no number where the result would be too large to be an IS."""
    number = rule.times * of_source + rule.plus + place
    return number if number <= LARGEST_NUMBER else rule.plus + place


def _number_of_source(analysed: Analysed) -> int:
    """0 where the source has none, or a negative one."""
    try:
        return max(int(analysed.header.get("SeriesNumber") or 0), 0)
    except (TypeError, ValueError):
        return 0


def _description(analysed: Analysed, kind: str) -> str:
    model = analysed.manifest.model
    given = {
        "model": model.name,
        "version": model.version,
        "kind": kind,
        "source": plain(_description_of_source(analysed)),
    }
    return " ".join(analysed.series.description.format(**given).split())[:LONG_STRING].rstrip()


def _description_of_source(analysed: Analysed) -> str:
    """A backslash, which parts values, is a slip of whoever wrote it."""
    value = analysed.header.get("SeriesDescription") or ""
    return str(value) if isinstance(value, str) else "/".join(map(str, value))
