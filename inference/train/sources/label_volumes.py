"""Volumes of label numbers: from them domain randomisation makes images, which so need no image at all."""

from functools import partial
from pathlib import Path

import numpy as np

from inference.errors import TrainingRefused
from inference.package.steps import Orient
from inference.preprocess.orient import orient
from inference.train.case import Case, Labelled, Mask
from inference.train.sources.nifti import is_nifti, read_nifti
from inference.train.sources.tables import LabelVolumes


def label_volumes(table: LabelVolumes, folder: Path) -> tuple[Case, ...]:
    """A case, and a patient, for every file. Its field holds the label numbers, its mask the segments made of them.

    Slices run towards the head, rows to the back, columns to the left, whatever the file's own order. Raises
    TrainingRefused for a file that is no NIfTI volume.
    """
    paths = sorted(path for path in folder.rglob(table.pattern) if path.is_file())
    for path in paths:
        if not is_nifti(path):
            raise TrainingRefused(
                f"{path} is no NIfTI volume (.nii, .nii.gz); give a narrower [data] pattern"
            )
    return tuple(
        Case(name=path.name, patient=path.name, facts={}, read=partial(_read, path, table)) for path in paths
    )


def _read(path: Path, table: LabelVolumes) -> Labelled:
    field = orient(read_nifti(path), Orient(step="orient", to="LPS")).field
    numbers = field.values
    if (numbers < 0).any() or not np.array_equal(numbers, np.rint(numbers)):
        raise TrainingRefused(f"{path} holds values that are no label numbers; give whole numbers from 0")
    masks = [np.isin(numbers, segment.labels) for segment in table.segment]
    return Labelled(field=field, truth=Mask(segments=np.stack(masks, axis=-1).astype(np.uint8)))
