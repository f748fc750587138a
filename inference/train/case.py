"""What training learns from: a labelled input, before and after preprocessing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.preprocess.field import Field


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Where each segment is: (…, segments) uint8 of 0 and 1 on the image's grid, in the manifest's order."""

    segments: npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Boxes:
    """What is where on a 2-D image.

    ``boxes``: (n, 4) float32, row_min, column_min, row_max, column_max, where 0, 0 is the outer corner of the first
    pixel (PS3.3 C.18.6.1.2). ``classes``: (n,) int32 from 0. ``masks``: (n, rows, columns) uint8, or None.
    """

    boxes: npt.NDArray[np.float32]
    classes: npt.NDArray[np.int32]
    masks: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True, kw_only=True)
class Class:
    """Which of the manifest's classes the input is, from 0; a mixture of two after MixUp: ``shares`` (classes,)."""

    shares: npt.NDArray[np.float32]


Truth = Mask | Boxes | Class


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One input as serving reads it (MONOCHROME2 sense, after the Modality LUT), and what is true of it."""

    field: Field
    truth: Truth


@dataclass(frozen=True, kw_only=True)
class Case:
    """One labelled input that is not read yet.

    ``name``: the file or folder, for messages to whoever trains; it goes into no package. ``patient``: whose it is,
    in whatever key the data has. ``facts``: what the data says of device, sex, age group, projection; for strata and
    for evaluation by group. ``read`` raises TrainingRefused with the case's name where label and image do not match.
    """

    name: str
    patient: str
    facts: Mapping[str, str]
    read: Callable[[], Labelled]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A case after the package's preprocessing: ``values`` (rows, columns) or (slices, rows, columns) float32, and its
    truth on that grid. ``group``: what balanced sampling evens out (a class, or a group of patients)."""

    values: npt.NDArray[np.float32]
    truth: Truth
    group: str = ""
