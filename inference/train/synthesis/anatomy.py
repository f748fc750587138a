"""A label volume as synthesis reads it: small codes for its numbers, a rim of background, where the organ is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.package.steps import Orient
from inference.preprocess import preprocess
from inference.preprocess.field import Affine, Field
from inference.train.case import Case

Codes = npt.NDArray[np.uint8]
Segments = Sequence[Sequence[int]]
"""The label numbers of each segment, in the manifest's order."""

MOST_LABELS = 255
LARGEST_NUMBER = 65_535
UPRIGHT = "LPS"
"""How label volumes are turned: columns to the patient's left, rows to the back, slices to the head."""


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """``codes``: (slices + 2, rows + 2, columns + 2) uint8, with a rim of code 0, which is label number 0.

    ``numbers[code]`` is the label number of the source; ``segment[code]`` is 0 for what is no segment, else 1 + its
    place among the ``segments``. ``spacing_mm`` of slices, rows and columns; ``centre``: the middle of all segments,
    as an index into ``codes``. ``affine`` is that of the volume without the rim.
    """

    codes: Codes
    numbers: tuple[int, ...]
    segment: npt.NDArray[np.uint8]
    segments: int
    spacing_mm: npt.NDArray[np.float64]
    centre: npt.NDArray[np.float64]
    affine: Affine


def read_anatomy(case: Case, segments: Segments) -> Anatomy:
    """The anatomy of a case whose field holds label numbers. Raises TrainingRefused with the case's name."""
    labels = case.read().field
    if labels.affine is None or labels.values.ndim != 3:
        raise TrainingRefused(f"{case.name} is no volume with a place in the patient; give label volumes")
    return anatomy_of(labels, segments, case.name)


def anatomy_of(labels: Field, segments: Segments, name: str) -> Anatomy:
    """``labels`` holds label numbers, (slices, rows, columns), turned in whatever way its affine says.

    Raises TrainingRefused, with ``name``, where none of the segments' labels is in the volume, where a value is no
    label number, and where there are more labels than MOST_LABELS.
    """
    upright, _ = preprocess(labels, (Orient(step="orient", to=UPRIGHT),))
    assert upright.affine is not None  # a volume that was turned has a place
    numbers = _numbers(upright.values, name)
    segment = _segment_of(numbers, segments)
    if not segment.any():
        raise TrainingRefused(f"{name} has none of the labels that [[data.segment]] names; correct them")
    codes = np.pad(_codes(upright.values, numbers), 1)
    return Anatomy(
        codes=codes,
        numbers=numbers,
        segment=segment,
        segments=len(segments),
        spacing_mm=np.linalg.norm(upright.affine[:3, :3], axis=0),
        centre=_middle(segment[codes] > 0),
        affine=upright.affine,
    )


def _numbers(values: npt.NDArray[np.float32], name: str) -> tuple[int, ...]:
    """Those in the volume; 0 first, which is also what lies beyond it."""
    whole = values.astype(np.int32)
    if (whole != values).any() or whole.min() < 0 or whole.max() > LARGEST_NUMBER:
        raise TrainingRefused(
            f"{name} holds values that are no label numbers; give whole numbers from 0 to {LARGEST_NUMBER}"
        )
    found = np.flatnonzero(np.bincount(whole.ravel()))  # unique would sort seventeen million voxels
    if len(found) > MOST_LABELS:
        raise TrainingRefused(f"{name} holds {len(found)} labels; at most {MOST_LABELS} can be told apart")
    return (0, *(int(number) for number in found if number))


def _segment_of(numbers: Sequence[int], segments: Segments) -> npt.NDArray[np.uint8]:
    place = {number: k for k, group in enumerate(segments, start=1) for number in group}
    return np.array([place.get(number, 0) for number in numbers], np.uint8)


def _codes(values: npt.NDArray[np.float32], numbers: Sequence[int]) -> Codes:
    lookup = np.zeros(max(numbers) + 1, np.uint8)
    lookup[list(numbers)] = np.arange(len(numbers))
    return np.asarray(lookup[values.astype(np.int32)])


def _middle(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    seen = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    return np.array([(indices[0] + indices[-1]) / 2 for indices in seen])
