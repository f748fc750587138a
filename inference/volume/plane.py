"""Where the pixels of one slice lie in the patient (Image Plane, PS3.3 C.7.6.2)."""

import math
from dataclasses import dataclass

from pydicom.dataset import Dataset

from inference.errors import GeometryRefused
from inference.volume.attributes import numbers

Vector = tuple[float, float, float]

_COSINE_TOLERANCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Plane:
    """``position``: centre of the first pixel, in mm (LPS). The two directions are unit vectors, at right angles."""

    position: Vector
    along_row: Vector
    along_column: Vector
    between_rows_mm: float
    between_columns_mm: float


def plane_of(position: Dataset, orientation: Dataset, measures: Dataset) -> Plane:
    """The plane from the data sets that hold its attributes: of a slice, thrice its header.

    Raises GeometryRefused where Image Position (Patient), Image Orientation (Patient) or Pixel Spacing is absent
    or cannot be.
    """
    cosines = _directions(_needed(orientation, "ImageOrientationPatient", 6))
    rows, columns = _needed(measures, "PixelSpacing", 2)
    if not (rows > 0 and columns > 0):
        raise GeometryRefused(f"a slice has a Pixel Spacing of {rows:g} x {columns:g} mm; none can be")
    x, y, z = _needed(position, "ImagePositionPatient", 3)
    return Plane(
        position=(x, y, z),
        along_row=cosines[0],
        along_column=cosines[1],
        between_rows_mm=rows,
        between_columns_mm=columns,
    )


def _needed(header: Dataset, keyword: str, count: int) -> tuple[float, ...]:
    found = numbers(header, keyword)
    if found is None or len(found) != count:
        raise GeometryRefused(
            f"a slice has no {keyword} of {count} numbers: where it lies in the patient is not known. "
            "Send the images as the modality made them"
        )
    return found


def _directions(six: tuple[float, ...]) -> tuple[Vector, Vector]:
    along_row, along_column = (six[0], six[1], six[2]), (six[3], six[4], six[5])
    lengths = math.hypot(*along_row), math.hypot(*along_column)
    across = sum(a * b for a, b in zip(along_row, along_column, strict=True))
    if max(abs(lengths[0] - 1), abs(lengths[1] - 1), abs(across)) > _COSINE_TOLERANCE:
        raise GeometryRefused(
            "a slice has an Image Orientation (Patient) that is no pair of unit vectors at right angles"
        )
    return along_row, along_column
