"""Pictures or volumes with masks as files, named by a table."""

from functools import partial
from pathlib import Path

import numpy as np

from inference.errors import TrainingRefused
from inference.train.case import Case, Labelled, Mask
from inference.train.sources.files import facts_of, require_files, require_own_patient
from inference.train.sources.masks import read_mask
from inference.train.sources.picture import read_picture
from inference.train.sources.records import read_records, require_columns, text_in
from inference.train.sources.tables import ImagesAndMasks


def images_and_masks(table: ImagesAndMasks, folder: Path) -> tuple[Case, ...]:
    """A case for every row that names a mask for each segment; rows without any mask are left out.

    Raises TrainingRefused for missing columns and files, for an image named twice, and for a row with some masks only.
    """
    path = folder / table.table
    records = read_records(path)
    require_own_patient(records, table, path)
    require_columns(records, (segment.mask for segment in table.segment), path)
    cases: dict[Path, Case] = {}
    for record in records:
        image = folder / table.images / text_in(record, table.image)
        masks = [text_in(record, segment.mask) for segment in table.segment]
        if not any(masks):
            continue
        if not all(masks) or image in cases:
            raise TrainingRefused(f"{path}: {image.name} needs one row, with a mask for each segment")
        paths = tuple(folder / s.folder / mask for s, mask in zip(table.segment, masks, strict=True))
        require_files((image, *paths), path)
        cases[image] = Case(
            name=image.name,
            patient=text_in(record, table.patient),
            facts=facts_of(record, table),
            read=partial(_read, image, paths, table),
        )
    return tuple(cases.values())


def _read(image: Path, masks: tuple[Path, ...], table: ImagesAndMasks) -> Labelled:
    field = read_picture(image)
    planes = [
        read_mask(path, segment, field, image.name)
        for path, segment in zip(masks, table.segment, strict=True)
    ]
    return Labelled(field=field, truth=Mask(segments=np.stack(planes, axis=-1)))
