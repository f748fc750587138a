"""Dates and times in a result, all from one ``now``: the same analysis written twice is the same bytes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pydicom.dataset import Dataset


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """``now`` as the result states it; ``offset`` is Timezone Offset From UTC, None where it goes unsaid."""

    local: datetime
    offset: str | None

    @property
    def date(self) -> str:
        """DA."""
        return self.local.strftime("%Y%m%d")

    @property
    def time(self) -> str:
        """TM."""
        return self.local.strftime("%H%M%S.%f")

    @property
    def date_time(self) -> str:
        """DT, with the offset where it is known."""
        return self.date + self.time + (self.offset or "")


def stamp(now: datetime, source: Dataset) -> Stamp:
    """State ``now`` in the source's offset from UTC, where the source gives one.

    Timezone Offset From UTC (PS3.3 C.12.1.1.8) holds for every date and time of an instance, the copied study
    date among them; so the source's is kept and ours converted. Else an aware ``now`` becomes this host's
    local time, and a naive one is taken to be it.
    """
    offset = _offset(source)
    if now.tzinfo is None:
        return Stamp(local=now, offset=None)
    if offset is None:
        return Stamp(local=now.astimezone(), offset=None)
    return Stamp(local=now.astimezone(timezone(offset)), offset=str(source.TimezoneOffsetFromUTC).strip())


def _offset(source: Dataset) -> timedelta | None:
    match = re.fullmatch(r"([+-])(\d\d)([0-5]\d)", str(source.get("TimezoneOffsetFromUTC") or "").strip())
    if match is None or int(match[2]) > 14:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -offset if match[1] == "-" else offset
