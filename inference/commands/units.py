"""Which files of a folder make one analysis: each instance, or each series."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inference.errors import InputUnreadable
from inference.volume.instance import read_instance


@dataclass(frozen=True, kw_only=True)
class Units:
    """``units``: the files of each analysis. ``unread``: files that are no DICOM instance, with the reason."""

    units: tuple[tuple[Path, ...], ...]
    unread: tuple[tuple[Path, str], ...]


def units_in(folder: Path, each: Literal["instance", "series"]) -> Units:
    """Group the files below ``folder``; series by their UID, in the order of their first files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if each == "instance":
        return Units(units=tuple((path,) for path in files), unread=())
    return _by_series(files)


def _by_series(files: Sequence[Path]) -> Units:
    series: dict[str, list[Path]] = defaultdict(list)
    unread = []
    for path in files:
        try:
            header = read_instance(path, without_pixels=True)
        except InputUnreadable as error:
            unread.append((path, str(error)))
            continue
        series[str(header.SeriesInstanceUID)].append(path)
    return Units(units=tuple(map(tuple, series.values())), unread=tuple(unread))
