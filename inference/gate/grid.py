"""Does the grid of a series lie within what the model was made for?"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from inference.package.declared import Range
from inference.package.gate import Gate, Plane

_PLANES: tuple[Plane, ...] = ("sagittal", "coronal", "axial")
"""By the patient axis, in the order left, posterior, head, that the slices are stacked along."""


def reasons_of_grid(
    shape: tuple[int, int, int], affine: npt.NDArray[np.float64], gate: Gate
) -> tuple[str, ...]:
    """Every limit of ``[gate]`` that the grid breaks.

    ``shape`` is (slices, rows, columns); ``affine`` (4, 4) takes an index to patient coordinates in mm.
    """
    between_slices, *within = np.linalg.norm(affine[:3, :3], axis=0)
    plane = plane_of(affine)
    found = [
        _outside("the series has", shape[0], "slices", gate.slices),
        _outside("its slices lie", between_slices, "mm apart", gate.slice_spacing_mm),
        *dict.fromkeys(
            _outside("its pixels lie", each, "mm apart", gate.pixel_spacing_mm) for each in within
        ),
        *_of_plane(plane, gate),
        *_of_size(shape, gate),
    ]
    return tuple(reason for reason in found if reason)


def plane_of(affine: npt.NDArray[np.float64]) -> Plane:
    """The plane of the slices, by the patient axis nearest to their normal (not to their stacking: tilt)."""
    normal = np.cross(affine[:3, 1], affine[:3, 2])
    return _PLANES[int(np.abs(normal).argmax())]


def _outside(what: str, number: float, unit: str, limits: Range | None) -> str | None:
    if limits is None:
        return None
    if limits.at_least is not None and number < limits.at_least:
        return f"{what} {number:.4g} {unit}, the model reads at least {limits.at_least:g}"
    if limits.at_most is not None and number > limits.at_most:
        return f"{what} {number:.4g} {unit}, the model reads at most {limits.at_most:g}"
    return None


def _of_plane(plane: Plane, gate: Gate) -> Iterator[str]:
    if gate.planes and plane not in gate.planes:
        yield f"the slices are {plane}, the model reads {' or '.join(gate.planes)}"


def _of_size(shape: tuple[int, int, int], gate: Gate) -> Iterator[str]:
    _, rows, columns = shape
    if rows < gate.smallest_rows or columns < gate.smallest_columns:
        yield f"the slices are {rows} x {columns}, smaller than {gate.smallest_rows} x {gate.smallest_columns}"
