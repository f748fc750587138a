"""Labelled data as it lies in a hospital: each form of it becomes cases that are read when they are needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inference.errors import TrainingRefused
from inference.train.case import Case
from inference.train.sources.dicom_and_seg import dicom_and_seg
from inference.train.sources.dicom_and_table import dicom_and_table
from inference.train.sources.images_and_masks import images_and_masks
from inference.train.sources.images_and_table import images_and_table
from inference.train.sources.label_volumes import label_volumes
from inference.train.sources.tables import DataTable

SOURCES: dict[str, Callable[[Any, Path], tuple[Case, ...]]] = {
    "images_and_masks": images_and_masks,
    "images_and_table": images_and_table,
    "dicom_and_seg": dicom_and_seg,
    "dicom_and_table": dicom_and_table,
    "label_volumes": label_volumes,
}


def read_cases(table: DataTable, folder: Path) -> tuple[Case, ...]:
    """The labelled cases that ``table`` finds in ``folder``; pixels are not read yet.

    Raises TrainingRefused where files are missing, a label is unknown, a class has no case, or nothing is found.
    """
    if not folder.is_dir():
        raise TrainingRefused(f"{folder} is no folder; name the one with the data")
    cases = SOURCES[table.kind](table, folder)
    if not cases:
        raise TrainingRefused(
            f"{folder} holds nothing with a label as [data] kind = '{table.kind}' looks for it"
        )
    return cases
