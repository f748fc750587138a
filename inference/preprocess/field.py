"""What the steps of preprocessing work on and what they give: values on a grid, and the way back."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]
Affine = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Field:
    """Values on a grid, with its place in the patient.

    ``values`` is (rows, columns) or (slices, rows, columns) float32. ``affine`` is (4, 4) float64 and takes
    (slice, row, column, 1) to patient coordinates in mm (LPS, PS3.3 C.7.6.2.1.1); a projection has none.
    """

    values: Values
    affine: Affine | None


class Undo(Protocol):
    """The way back from the grid after a step to the grid before it, for what was found on the grid after."""

    def maps(self, maps: Values) -> Values:
        """Probabilities (..., channels) float32, by linear interpolation; 0 where the step cut off."""
        ...

    def labels(self, labels: Labels) -> Labels:
        """A label map (...) uint8, by nearest neighbour; 0 where the step cut off."""
        ...

    def boxes(self, boxes: Values) -> Values:
        """(n, 4) float32 of row_min, column_min, row_max, column_max, where 0, 0 is the outer corner of the
        first pixel and its centre lies at 0.5, 0.5 (as SCOORD counts, PS3.3 C.18.6.1.2)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The field after a step, and the way back."""

    field: Field
    undo: Undo


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """The way back of a step that touches intensities only."""

    def maps(self, maps: Values) -> Values:
        """The maps themselves."""
        return maps

    def labels(self, labels: Labels) -> Labels:
        """The labels themselves."""
        return labels

    def boxes(self, boxes: Values) -> Values:
        """The boxes themselves."""
        return boxes


def with_intensities(field: Field, values: npt.NDArray[Any]) -> Prepared:
    """``field`` with other values on the same grid."""
    changed = Field(values=values.astype(np.float32, copy=False), affine=field.affine)
    return Prepared(field=changed, undo=Unchanged())


def moved(affine: Affine | None, scale: npt.ArrayLike, offset: npt.ArrayLike) -> Affine | None:
    """The affine of a grid whose index i is the old grid's ``scale`` * i + ``offset``, axis by axis.

    ``scale`` and ``offset`` are for (slice, row, column), or for (row, column) of an image.
    """
    if affine is None:
        return None
    inwards = np.eye(4)
    axes = range(3 - np.size(scale), 3)
    inwards[axes, axes] = scale
    inwards[axes, 3] = offset
    return np.asarray(affine @ inwards)
