"""What a receiver holds, looked at from outside: its spool and its ledger."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.neighbours.door import Door, data_set_of

LEDGER = "ledger.sqlite3"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """By SOP Instance UID: how many rows, and the data set of each file. And what lies where nothing should."""

    rows: Counter[str]
    files: dict[str, list[bytes]]
    unfinished: int
    quarantined: int


def look(door: Door) -> Shelf:
    """Nothing is changed by it, also where the receiver was killed a moment ago."""
    files: dict[str, list[bytes]] = {}
    for path in (door.spool / "studies").rglob("*.dcm"):
        files.setdefault(path.stem, []).append(_data_set(path))
    return Shelf(
        rows=_rows(door.folder),
        files=files,
        unfinished=len(list((door.spool / "unfinished").iterdir())),
        quarantined=sum(each.is_file() for each in (door.spool / "quarantine").rglob("*")),
    )


def _data_set(path: Path) -> bytes:
    """What stands behind the meta; nothing where that is not whole."""
    try:
        return data_set_of(path)
    except AssertionError:
        return b""


def _rows(folder: Path) -> Counter[str]:
    """From a copy: to open what a kill left is to mend it, and that is for the receiver to do."""
    with tempfile.TemporaryDirectory() as copies:
        for path in folder.glob(f"{LEDGER}*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, copies)
        with closing(sqlite3.connect(Path(copies) / LEDGER)) as ledger:
            return Counter(uid for (uid,) in ledger.execute("SELECT sop_instance_uid FROM instance"))
