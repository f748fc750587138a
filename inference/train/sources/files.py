"""The image files that a table names."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from inference.errors import TrainingRefused
from inference.train.sources.records import Record, needed_in, require_columns, text_in
from inference.train.sources.tables import Tabled

_MOST_NAMED = 5


def require_files(paths: Iterable[Path], table: Path) -> None:
    """Raises TrainingRefused with the files that are named and not there: nothing is left out in silence."""
    missing = sorted({path for path in paths if not path.is_file()})
    if missing:
        named = ", ".join(map(str, missing[:_MOST_NAMED]))
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        raise TrainingRefused(
            f"{table} names files that are not there: {named}{more}; add them, or take them out"
        )


def require_own_patient(records: Sequence[Record], table: Tabled, path: Path) -> None:
    """Raises TrainingRefused where columns are missing, or an image is said to be of two patients."""
    require_columns(records, (table.image, table.patient, *table.facts), path)
    whose: dict[str, str] = {}
    for row, record in enumerate(records, start=1):
        image = needed_in(record, table.image, row, path)
        if whose.setdefault(image, needed_in(record, table.patient, row, path)) != text_in(
            record, table.patient
        ):
            raise TrainingRefused(
                f"{path} says that {image} is of two patients; correct its column {table.patient}"
            )


def facts_of(record: Record, table: Tabled) -> dict[str, str]:
    """The facts of one row; what it does not say is an empty text."""
    return {fact: text_in(record, fact) for fact in table.facts}
