"""Does an instance fit a model's ``[input]``? Pure, and the one place where that is decided.

Routing asks it of what the ledger knows; the gate asks it again of what the worker really read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from pydicom.datadict import dictionary_VR, tag_for_keyword

from inference.package.declared import Range

TOLD = {"CS", "UI", "IS", "DS", "US", "SS", "UL", "SL", "FL", "FD"}
NOT_TOLD = "is not what the model was made for"

_IN_A_YEAR = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}

Rules = Mapping[str, list[str] | Range]
Attributes = Mapping[str, Sequence[str]]
"""DICOM keyword -> its values as text; absent and empty attributes have none."""


def reasons_to_decline(rules: Rules, attributes: Attributes) -> Iterator[str]:
    """A sentence for each rule the instance does not meet, in the order of the rules."""
    for keyword, rule in rules.items():
        values = attributes.get(keyword, ())
        reason = _outside(rule, values) if isinstance(rule, Range) else _not_among(rule, values)
        if reason:
            yield f"{keyword} {reason if _may_be_told(keyword) else NOT_TOLD}"


def _may_be_told(keyword: str) -> bool:
    """Codes, UIDs and numbers appear in messages; names, texts and all of the patient group (0010,eeee) do not."""
    tag = tag_for_keyword(keyword)
    return tag is not None and tag >> 16 != 0x0010 and dictionary_VR(tag) in TOLD


def _not_among(allowed: list[str], values: Sequence[str]) -> str | None:
    if not values:
        return None if "" in allowed else f"is absent, but must be {_any_of(allowed)}"
    if any(value in allowed for value in values):
        return None
    return f"is {' / '.join(values)}, but must be {_any_of(allowed)}"


def _outside(limits: Range, values: Sequence[str]) -> str | None:
    if not values:
        return "is absent, but has limits"
    for value in values:
        number = _number(value)
        if number is None:
            return "is not a number, but has limits"
        if limits.at_least is not None and number < limits.at_least:
            return f"is {value}, but must be at least {limits.at_least:g}"
        if limits.at_most is not None and number > limits.at_most:
            return f"is {value}, but must be at most {limits.at_most:g}"
    return None


def _number(text: str) -> float | None:
    """An age (VR AS, ``018M``) in years. None also for NaN and infinity: no limit would ever hold them off."""
    if age := re.fullmatch(r"(\d{3})([DWMY])", text):
        return int(age[1]) / _IN_A_YEAR[age[2]]
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _any_of(allowed: list[str]) -> str:
    named = [value or "absent" for value in allowed]
    return named[0] if len(named) == 1 else f"one of {', '.join(named)}"
