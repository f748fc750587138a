"""The rows of a table beside the images: JSON as a list of records, or CSV with a heading."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inference.errors import TrainingRefused
from inference.package.declared import did_you_mean

Record = Mapping[str, Any]


def read_records(path: Path) -> list[Record]:
    """Every row of ``path``; in CSV, which may begin with a byte order mark, all values are text.

    Raises TrainingRefused where the file is missing, is neither JSON nor CSV, is not in UTF-8, has no rows, or has a
    row of CSV with more or fewer fields than its heading.
    """
    readers = {".json": _from_json, ".csv": _from_csv}
    if path.suffix not in readers:
        raise TrainingRefused(f"{path} is no table; give a .json or a .csv file")
    try:
        records = readers[path.suffix](path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrainingRefused(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TrainingRefused(
            f"{path}, line {line}, is no UTF-8; save the table as UTF-8 (spreadsheets call it 'CSV UTF-8')"
        ) from None
    except (json.JSONDecodeError, csv.Error, RecursionError) as error:
        raise TrainingRefused(f"{path} is damaged: {error}") from None
    if not records or not all(isinstance(record, Mapping) for record in records):
        raise TrainingRefused(f"{path} has no rows; it must be a list of records, or lines below a heading")
    return records


def require_columns(records: Sequence[Record], columns: Iterable[str], path: Path) -> None:
    """Raises TrainingRefused for a column that no row has."""
    known = sorted({key for record in records for key in record})
    for column in columns:
        if column not in known:
            raise TrainingRefused(
                f"{path} has no column '{column}'; it has {', '.join(known)}{did_you_mean(column, known)}"
            )


def text_in(record: Record, column: str) -> str:
    """What stands there, without blanks around it; nothing where the row has no such value."""
    value = record.get(column)
    return "" if value is None else str(value).strip()


def needed_in(record: Record, column: str, row: int, path: Path) -> str:
    """What stands there. Raises TrainingRefused where nothing does; ``row`` counts from 1."""
    text = text_in(record, column)
    if not text:
        raise TrainingRefused(f"{path}, record {row}: {column} is empty; fill it in, or take the record out")
    return text


def _from_json(text: str) -> list[Record]:
    found = json.loads(text)
    return found if isinstance(found, list) else []


def _from_csv(text: str) -> list[Record]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[Record] = []
    for row in reader:
        _require_all_fields(row, reader.line_num)
        rows.append(row)
    return rows


def _require_all_fields(row: Mapping[str | None, Any], line: int) -> None:
    """A row that was cut off would look like one without a label, and be left out in silence."""
    if None in row:
        raise csv.Error(
            f"line {line} has more fields than the heading; put a text that has a comma in it in quotes"
        )
    if None in row.values():
        raise csv.Error(
            f"line {line} has fewer fields than the heading; complete it, with a comma for each field that is empty"
        )
