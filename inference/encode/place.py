"""Where the frames of a segmentation lie: as the source's own slices say it, number by number."""

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset
from pydicom.valuerep import format_number_as_ds

from inference.volume.attributes import number, numbers
from inference.volume.volume import Volume

_PARALLEL = 1e-3


@dataclass(frozen=True, kw_only=True)
class Place:
    """Plane Orientation, Pixel Measures and Plane Positions (PS3.3 C.7.6.16.2) of a volume's slices.

    ``positions``: Image Position (Patient) of each slice, in their order. ``between_slices_mm``: along the normal.
    ``is_tilted``: the slices are not stacked at right angles (gantry tilt).
    """

    orientation: tuple[float, ...]
    pixel_spacing: tuple[float, ...]
    slice_thickness_mm: float
    between_slices_mm: float
    positions: tuple[tuple[float, ...], ...]
    is_tilted: bool


def place_of(volume: Volume) -> Place:
    """The place of each slice, from the headers the volume was made of."""
    step, rows, columns = volume.affine[:3, 0], volume.affine[:3, 1], volume.affine[:3, 2]
    normal = np.cross(columns, rows) / np.linalg.norm(np.cross(columns, rows))
    between = abs(float(step @ normal))
    first = _groups(volume, 0)
    return Place(
        orientation=_stated(first, "ImageOrientationPatient"),
        pixel_spacing=_stated(first, "PixelSpacing"),
        slice_thickness_mm=_thickness(first, between),
        between_slices_mm=between,
        positions=tuple(_position(volume, index) for index in range(len(volume.frame_numbers))),
        is_tilted=bool(np.linalg.norm(np.cross(step, normal)) > _PARALLEL * np.linalg.norm(step)),
    )


def ds(values: tuple[float, ...]) -> str:
    """The values as a DS element holds them: at most 16 characters each."""
    return "\\".join(format_number_as_ds(float(value)) for value in values)


def _position(volume: Volume, index: int) -> tuple[float, ...]:
    return _stated(_groups(volume, index), "ImagePositionPatient")


def _stated(groups: list[Dataset], keyword: str) -> tuple[float, ...]:
    for group in groups:
        found = numbers(group, keyword)
        if found is not None:
            return found
    raise ValueError(f"a slice of the volume has no {keyword}; read_volume refuses such a series")


def _thickness(groups: list[Dataset], between: float) -> float:
    """Slice Thickness where it can be one; else as thick as the slices are apart."""
    for group in groups:
        found = number(group, "SliceThickness")
        if found is not None and found > 0:
            return found
    return between


def _groups(volume: Volume, index: int) -> list[Dataset]:
    """The data sets that may hold a slice's place: its header, or its functional groups."""
    if (
        len(volume.sources) == len(volume.frame_numbers)
        and "PerFrameFunctionalGroupsSequence" not in (volume.sources[0])
    ):
        return [volume.sources[index]]
    source = volume.sources[0]
    own = source.PerFrameFunctionalGroupsSequence[volume.frame_numbers[index] - 1]
    shared = list(source.get("SharedFunctionalGroupsSequence") or [])
    return [_only(group, name) for name in _NAMES for group in (own, *shared) if name in group]


_NAMES = ("PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence")


def _only(group: Dataset, name: str) -> Dataset:
    item: Dataset = group[name].value[0]
    return item
