"""The boxes of one image, from the records that name it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.train.case import Boxes
from inference.train.sources.classes import number_of
from inference.train.sources.records import Record, text_in
from inference.train.sources.tables import BoxColumns

_SLACK = 1.0
"""Pixels by which a box may leave its image: drawn by hand, or rounded. It is cut to the image."""


def has_boxes(records: Sequence[Record], columns: BoxColumns) -> bool:
    """Whether the records of an image say anything of boxes; none at all is something that is said."""
    return any(columns.list in record or columns.columns[0] in record for record in records)


def boxes_of(records: Sequence[Record], columns: BoxColumns, classes: Sequence[str], image: str) -> Boxes:
    """All boxes that ``records`` give ``image``. Raises TrainingRefused for one that is none, or an unknown class."""
    corners: list[npt.NDArray[np.float64]] = []
    numbers: list[int] = []
    for label, given in _given(records, columns, image):
        corners.append(_corners(given, columns.form, image))
        numbers.append(number_of(label, classes, image))
    return Boxes(
        boxes=np.array(corners, np.float32).reshape(-1, 4),
        classes=np.array(numbers, np.int32),
    )


def on_image(truth: Boxes, shape: tuple[int, ...], image: str) -> Boxes:
    """Cut to the image. Raises TrainingRefused where a box leaves it by more than a pixel: it is of another image."""
    limits = np.tile(np.array(shape[-2:], np.float32), 2)
    if len(shape) != 2:
        raise TrainingRefused(f"{image} is a volume; boxes lie on 2-D images")
    if (truth.boxes < -_SLACK).any() or (truth.boxes > limits + _SLACK).any():
        raise TrainingRefused(
            f"a box of {image} leaves the image of {shape[0]} x {shape[1]}; "
            "are the boxes of another size of it, or is 'form' another?"
        )
    return Boxes(boxes=np.clip(truth.boxes, 0.0, limits), classes=truth.classes, masks=truth.masks)


def with_masks(truth: Boxes, plane: npt.NDArray[np.uint8]) -> Boxes:
    """Each box with its own part of a mask (rows, columns) that is of all of them.

    A pixel within several boxes goes to the one whose centre is the nearest, measured in the box's own size.
    """
    row, column = (axis + 0.5 for axis in np.ogrid[: plane.shape[0], : plane.shape[1]])
    centre, size = (truth.boxes[:, 2:] + truth.boxes[:, :2]) / 2, truth.boxes[:, 2:] - truth.boxes[:, :2]
    away = [
        np.maximum(np.abs(row - c[0]) / (s[0] / 2), np.abs(column - c[1]) / (s[1] / 2))
        for c, s in zip(centre, size, strict=True)
    ]
    masks = np.zeros((len(truth.boxes), *plane.shape), np.uint8)
    if len(away):
        nearest = np.argmin(away, axis=0)
        for number, distance in enumerate(away):
            masks[number] = plane * (distance <= 1.0) * (nearest == number)
    return Boxes(boxes=truth.boxes, classes=truth.classes, masks=masks)


def _given(records: Sequence[Record], columns: BoxColumns, image: str) -> Iterator[tuple[str, Sequence[Any]]]:
    for record in records:
        if columns.list in record:
            yield from _listed(record[columns.list], columns, image)
        elif any(text_in(record, column) for column in columns.columns):
            yield text_in(record, columns.label), [text_in(record, column) for column in columns.columns]


def _listed(entries: Any, columns: BoxColumns, image: str) -> Iterator[tuple[str, Sequence[Any]]]:
    if entries is None:
        return
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise TrainingRefused(
            f"'{columns.list}' of {image} is no list of boxes, each such as "
            f'{{"{columns.label}": "name", "{columns.box}": [1, 2, 3, 4]}}; correct it, or name another column as '
            "list in [data.boxes]"
        )
    for entry in entries:
        box = entry.get(columns.box)
        yield text_in(entry, columns.label), box if isinstance(box, list) else ()


def _corners(given: Sequence[Any], form: str, image: str) -> npt.NDArray[np.float64]:
    """row_min, column_min, row_max, column_max."""
    try:
        column, row, third, fourth = (float(number) for number in given)
    except (TypeError, ValueError):
        raise TrainingRefused(f"a box of {image} is not four numbers; correct it") from None
    last = (row + fourth, column + third) if form == "xywh" else (fourth, third)
    corners = np.array([row, column, *last])
    if not np.isfinite(corners).all() or (corners[2:] <= corners[:2]).any():
        raise TrainingRefused(f"a box of {image} is empty or turned over; correct it, or its 'form'")
    return corners
