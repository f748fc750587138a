from datetime import UTC, datetime

import pytest
from pydicom.dataset import Dataset

from inference.encode.clock import stamp

NOW = datetime(2026, 1, 1, 2, 3, 4, 567000, tzinfo=UTC)


def _source(offset=None):
    source = Dataset()
    if offset is not None:
        source.TimezoneOffsetFromUTC = offset
    return source


@pytest.mark.parametrize(
    ("offset", "date", "time"),
    [
        ("+0000", "20260101", "020304.567000"),
        ("-0400", "20251231", "220304.567000"),
        ("+0530", "20260101", "073304.567000"),
    ],
)
def test_time_is_told_where_the_source_was_made(offset, date, time):
    told = stamp(NOW, _source(offset))
    assert (told.date, told.time, told.offset) == (date, time, offset)
    assert told.date_time == date + time + offset


@pytest.mark.parametrize("offset", [None, "", "0400", "+9900", "UTC"])
def test_without_an_offset_time_is_this_hosts(offset):
    told = stamp(NOW, _source(offset))
    assert told.local == NOW.astimezone()
    assert told.offset is None
    assert told.date_time == told.date + told.time


def test_a_naive_time_is_taken_as_local():
    told = stamp(datetime(2026, 1, 1, 2, 3, 4), _source("-0400"))
    assert (told.date, told.time, told.offset) == ("20260101", "020304.000000", None)
