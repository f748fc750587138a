"""Pictures or volumes whose class or boxes stand in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inference.errors import TrainingRefused
from inference.train.case import Boxes, Case, Class, Labelled
from inference.train.sources.boxes import boxes_of, has_boxes, on_image, with_masks
from inference.train.sources.classes import class_of, require_every_class
from inference.train.sources.files import facts_of, require_files, require_own_patient
from inference.train.sources.masks import read_mask
from inference.train.sources.picture import read_picture
from inference.train.sources.records import Record, read_records, require_columns, text_in
from inference.train.sources.tables import ImagesAndTable


def images_and_table(table: ImagesAndTable, folder: Path) -> tuple[Case, ...]:
    """A case for every image that has a label; where boxes stand in CSV, of all its rows together.

    Raises TrainingRefused for missing columns and files, unknown classes, classes without a case, and boxes that are
    none.
    """
    path = folder / table.table
    records = read_records(path)
    require_own_patient(records, table, path)
    if table.label is not None:
        require_columns(records, (table.label,), path)
    rows: dict[str, list[Record]] = {}
    for record in records:
        if table.boxes is not None or text_in(record, table.label or ""):
            rows.setdefault(text_in(record, table.image), []).append(record)
    found = [
        _found(name, of_image, table, folder)
        for name, of_image in rows.items()
        if _is_labelled(of_image, table)
    ]
    require_files((file for each in found for file in each.files), path)
    require_every_class([each.truth for each in found], table.classes, path)
    return tuple(each.case(table) for each in found)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """One image with what the table says of it."""

    image: Path
    mask: Path | None
    truth: Boxes | Class
    record: Record

    @property
    def files(self) -> Sequence[Path]:
        return (self.image,) if self.mask is None else (self.image, self.mask)

    def case(self, table: ImagesAndTable) -> Case:
        return Case(
            name=self.image.name,
            patient=text_in(self.record, table.patient),
            facts=facts_of(self.record, table),
            read=partial(_read, self, table),
        )


def _is_labelled(records: Sequence[Record], table: ImagesAndTable) -> bool:
    if table.boxes is None:
        return True
    columns = table.boxes.masks
    return has_boxes(records, table.boxes) and (columns is None or bool(text_in(records[0], columns.mask)))


def _found(name: str, records: Sequence[Record], table: ImagesAndTable, folder: Path) -> _Found:
    first, mask = records[0], None
    if table.boxes is None:
        if len(records) > 1:
            raise TrainingRefused(f"{folder / table.table} names {name} in {len(records)} records; keep one")
        truth: Boxes | Class = class_of(text_in(first, table.label or ""), table.classes, name)
    else:
        truth = boxes_of(records, table.boxes, table.classes, name)
        if table.boxes.masks is not None:
            mask = folder / table.boxes.masks.folder / text_in(first, table.boxes.masks.mask)
    return _Found(image=folder / table.images / name, mask=mask, truth=truth, record=first)


def _read(found: _Found, table: ImagesAndTable) -> Labelled:
    field, truth = read_picture(found.image), found.truth
    if isinstance(truth, Boxes):
        truth = on_image(truth, field.values.shape, found.image.name)
        if found.mask is not None and table.boxes is not None and table.boxes.masks is not None:
            plane = read_mask(found.mask, table.boxes.masks, field, found.image.name)
            truth = with_masks(truth, plane)
    return Labelled(field=field, truth=truth)
