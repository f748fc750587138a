"""DICOM images whose class or boxes stand in a table beside them."""

from functools import partial
from pathlib import Path

from inference.errors import TrainingRefused
from inference.preprocess.field import Field
from inference.train.case import Boxes, Case, Class, Labelled
from inference.train.sources.boxes import boxes_of, on_image, with_masks
from inference.train.sources.classes import class_of, require_every_class
from inference.train.sources.instances import Source, case_of, find_instances, read_field, sources_in
from inference.train.sources.masks import read_mask
from inference.train.sources.records import Record, needed_in, read_records, require_columns, text_in
from inference.train.sources.tables import DicomAndTable, MaskFile


def dicom_and_table(table: DicomAndTable, folder: Path) -> tuple[Case, ...]:
    """A case for every UID in the table that has a label; images that the table does not name are left out.

    Raises TrainingRefused for UIDs without an image, unknown classes, classes without a case, and boxes that are none.
    """
    path = folder / table.table
    records = read_records(path)
    require_columns(records, (table.uid, *((table.label,) if table.label else ())), path)
    rows: dict[str, list[Record]] = {}
    for row, record in enumerate(records, start=1):
        if table.boxes is not None or text_in(record, table.label or ""):
            rows.setdefault(needed_in(record, table.uid, row, path), []).append(record)
    sources = {source.uid: source for source in sources_in(find_instances(folder), table.each)}
    _require_images([uid for uid in rows if uid not in sources], len(rows), table, path)
    truths = {uid: _truth(uid, of_image, table, path) for uid, of_image in rows.items()}
    require_every_class(list(truths.values()), table.classes, path)
    return tuple(
        case_of(
            sources[uid],
            table,
            partial(_read, sources[uid], table, truth, _mask(rows[uid][0], table, folder)),
        )
        for uid, truth in truths.items()
    )


def _require_images(missing: list[str], named: int, table: DicomAndTable, path: Path) -> None:
    if missing:
        raise TrainingRefused(
            f"{len(missing)} of {named} {table.uid} in {path} are of no image below its folder, the first is "
            f"{missing[0]}; add the images, or take the records out"
        )


def _truth(uid: str, records: list[Record], table: DicomAndTable, path: Path) -> Boxes | Class:
    name = f"{table.each} {uid}"
    if table.boxes is not None:
        return boxes_of(records, table.boxes, table.classes, name)
    if len(records) > 1:
        raise TrainingRefused(f"{path} names {name} in {len(records)} records; keep one")
    return class_of(text_in(records[0], table.label or ""), table.classes, name)


def _mask(record: Record, table: DicomAndTable, folder: Path) -> Path | None:
    masks = table.boxes.masks if table.boxes is not None else None
    name = text_in(record, masks.mask) if masks is not None else ""
    return folder / masks.folder / name if masks is not None and name else None


def _read(source: Source, table: DicomAndTable, truth: Boxes | Class, mask: Path | None) -> Labelled:
    field, name = read_field(source, table), f"{table.each} {source.uid}"
    if isinstance(truth, Boxes):
        truth = on_image(truth, field.values.shape, name)
        if table.boxes is not None and table.boxes.masks is not None:
            truth = _with_masks(truth, table.boxes.masks, mask, field, name)
    return Labelled(field=field, truth=truth)


def _with_masks(truth: Boxes, table: MaskFile, mask: Path | None, field: Field, name: str) -> Boxes:
    if mask is None:
        raise TrainingRefused(f"{name} has no {table.mask} in the table; give one for every image with boxes")
    return with_masks(truth, read_mask(mask, table, field, name))
