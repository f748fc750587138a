"""What is measured of each segment: one kind a file, the manifest names which.

Lengths are in mm, from the grid's place in the patient: right where voxels are not cubes, and where the gantry
was tilted.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.measure.area import area
from inference.measure.count import count
from inference.measure.longest_diameter import longest_diameter
from inference.measure.longest_diameter_3d import longest_diameter_3d
from inference.measure.mean import mean
from inference.measure.measured import Measured
from inference.measure.standard_deviation import standard_deviation
from inference.measure.subject import Subject
from inference.measure.volume import volume
from inference.package.dimensions import KINDS_OF_IMAGES, KINDS_OF_VOLUMES
from inference.package.output import Kind, Measurement
from inference.volume.runs import runs_of_labels, runs_of_mask
from inference.volume.spacing import Spacing

__all__ = ["KINDS", "Measured", "measure_image", "measure_volume"]

Labels = npt.NDArray[np.uint8]
Voxels = npt.NDArray[np.float32]

KINDS: Mapping[Kind, Callable[[Subject], float | None]] = {
    "volume": volume,
    "area": area,
    "longest_diameter": longest_diameter,
    "longest_diameter_3d": longest_diameter_3d,
    "mean": mean,
    "standard_deviation": standard_deviation,
    "count": count,
}
FACTORS = {"cm": 0.1, "cm2": 0.01, "cm3": 0.001, "mL": 0.001}
"""How many of a unit there are in one of what is measured in: mm, mm2, mm3."""
PIXELS = "{pixels}"
"""UCUM's annotation for a length or an area on a grid of unknown size."""


def measure_volume(
    labels: Labels,
    declared: Sequence[Measurement],
    *,
    names: Sequence[str],
    voxels: Voxels,
    affine: npt.NDArray[np.float64],
) -> tuple[Measured, ...]:
    """What the package declares, of each segment of a (slices, rows, columns) label map on the source's grid.

    k stands for the k-th of ``names``. ``voxels`` is (slices, rows, columns) float32 in the modality's unit;
    ``affine`` as in Volume. A segment without voxels has a volume and a count of 0, and nothing else. Raises
    PackageInvalid for what cannot be measured of a volume.
    """
    _require_kinds(declared, KINDS_OF_IMAGES, "the package reads volumes; it can declare 'volume'")
    if not declared:
        return ()
    subjects = [
        Subject(runs=runs, source=voxels, affine=affine) for runs in runs_of_labels(labels, len(names))
    ]
    return _measure(names, subjects, declared, in_pixels=False)


def measure_image(
    layers: Labels,
    declared: Sequence[Measurement],
    *,
    names: Sequence[str],
    pixels: Voxels,
    spacing: Spacing | None,
) -> tuple[Measured, ...]:
    """The same of each segment of (rows, columns, segments) of 0 and 1, with ``pixels`` (rows, columns).

    Where the image gives no spacing, lengths and areas are numbers of pixels and so is their unit. Raises
    PackageInvalid for what cannot be measured of an image.
    """
    _require_kinds(
        declared, KINDS_OF_VOLUMES, "the package reads images; it can declare 'area', 'longest_diameter'"
    )
    affine = (
        np.diag([1.0, spacing.between_rows_mm, spacing.between_columns_mm, 1.0]) if spacing else np.eye(4)
    )
    subjects = [
        Subject(runs=runs_of_mask(layers[..., k]), source=pixels[np.newaxis], affine=affine)
        for k in range(len(names))
    ]
    return _measure(names, subjects, declared, in_pixels=spacing is None)


def _require_kinds(declared: Sequence[Measurement], strange: Sequence[Kind], what_else: str) -> None:
    for each in declared:
        if each.kind in strange:
            raise PackageInvalid(f"[output.measurement] kind is {each.kind!r}, but {what_else}")


def _measure(
    names: Sequence[str], subjects: Sequence[Subject], declared: Sequence[Measurement], *, in_pixels: bool
) -> tuple[Measured, ...]:
    return tuple(
        _in_unit(name, each, value, in_pixels=in_pixels)
        for name, subject in zip(names, subjects, strict=True)
        for each in declared
        if (value := KINDS[each.kind](subject)) is not None
    )


def _in_unit(name: str, declared: Measurement, value: float, *, in_pixels: bool) -> Measured:
    if in_pixels and declared.kind in ("area", "longest_diameter"):
        return Measured(segment=name, kind=declared.kind, value=value, unit=PIXELS)
    value *= FACTORS.get(declared.unit, 1.0)
    return Measured(segment=name, kind=declared.kind, value=value, unit=declared.unit)
