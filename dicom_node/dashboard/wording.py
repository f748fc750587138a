"""Figures, times and UIDs as people read them."""

import re
from datetime import UTC, datetime
from itertools import pairwise

from markupsafe import Markup, escape

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_UID_SHOWN_WHOLE = 24


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: ``1 result``, ``3 results``, ``2 analyses``."""
    return f"{number} {verb(number, one, many or one + 's')}"


def verb(number: int, one: str, many: str) -> str:
    """The form that agrees with a number."""
    return one if number == 1 else many


def sentence(text: str) -> str:
    """A reason as the end of a sentence: trimmed, with a full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def duration(seconds: float) -> str:
    """Seconds in the two largest units that matter: ``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    for (size, unit), (smaller_size, smaller) in pairwise(_UNITS):
        if whole >= size:
            rest = whole % size // smaller_size
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def age(seconds: float) -> str:
    """How long ago, in one unit, for a glance: ``4 s``, ``33 min``, ``2 h``, ``12 d``."""
    whole = max(0, round(seconds))
    size, unit = next((each for each in _UNITS if whole >= each[0]), _UNITS[-1])
    return f"{whole // size} {unit}"


def size(number: int) -> str:
    """Bytes, all of them: two files are told apart by the last: ``525,312 bytes``."""
    return f"{number:,} bytes"


def clock_time(at: float) -> str:
    """Seconds since the epoch as date and time where the node stands: ``2026-03-01 14:05:09``."""
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}"


def machine_time(at: float) -> str:
    """Seconds since the epoch as RFC 3339 in UTC, for ``<time datetime>``."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def zone_name(at: float) -> str:
    """The offset in which ``clock_time`` is given: ``UTC+02:00``."""
    return f"UTC{datetime.fromtimestamp(at).astimezone().isoformat()[-6:]}"


def short_uid(uid: str) -> str:
    """A UID with its middle left out; for the eye only, the whole one stands beside it."""
    return uid if len(uid) <= _UID_SHOWN_WHOLE else f"{uid[:9]}…{uid[-10:]}"


def with_commands(text: str) -> Markup:
    """Escape a text and set what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def note(value: object) -> str:
    """A note as the worker left it (text, number, list or table), in words; empty where it holds nothing."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {note(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(note(each) for each in value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)
