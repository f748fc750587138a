"""Planes put in order: one grid in the patient, or the reason why there is none.

File order and Instance Number say nothing; only where the planes lie counts. Tilted stacks (gantry) are
grids too: their step is not at right angles to the planes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.errors import GeometryRefused
from inference.volume.plane import Plane

Array = npt.NDArray[np.float64]

_COSINE_TOLERANCE = 1e-3
_SPACING_TOLERANCE = 1e-3
_PLACE_TOLERANCE_MM = 0.1
"""Positions are written with few digits: 0.625 mm steps appear as 0.6 and 0.7."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """``order``: indices of the planes, from the first slice on. ``affine``: as in Volume."""

    order: tuple[int, ...]
    affine: Array


def stack(planes: Sequence[Plane]) -> Stack:
    """Order the planes along their normal and find their common grid.

    Raises GeometryRefused: fewer than two, differing orientation or Pixel Spacing, two at one place, a gap,
    uneven steps, or a stack that is not straight. The sentence says where, in mm along the normal; for axial
    slices that is the z coordinate.
    """
    if len(planes) < 2:
        raise GeometryRefused("the series has a single slice; a volume needs at least two")
    along_row, along_column = _directions(planes)
    spacing = _spacing(planes)
    positions = np.array([plane.position for plane in planes])
    places = positions @ np.cross(along_row, along_column)
    order = np.argsort(places, kind="stable")
    step = _step(positions[order], places[order])
    affine = np.eye(4)
    affine[:3] = np.column_stack(
        [step, along_column * spacing[0], along_row * spacing[1], positions[order[0]]]
    )
    return Stack(order=tuple(order.tolist()), affine=affine)


def _directions(planes: Sequence[Plane]) -> tuple[Array, Array]:
    all_cosines = np.array([plane.along_row + plane.along_column for plane in planes])
    apart = np.abs(all_cosines - all_cosines[0]).max(axis=1) > _COSINE_TOLERANCE
    if apart.any():
        kinds = len({tuple(np.round(cosines, 2)) for cosines in all_cosines})
        raise GeometryRefused(
            f"the slices lie in {max(kinds, 2)} different orientations ({_few(apart)} of {len(planes)} unlike "
            "the rest): a scout or several acquisitions in one series. Send each as a series of its own"
        )
    along_row, along_column = all_cosines.mean(axis=0).reshape(2, 3)
    return along_row / np.linalg.norm(along_row), along_column / np.linalg.norm(along_column)


def _few(apart: npt.NDArray[np.bool_]) -> int:
    return int(min(apart.sum(), (~apart).sum()))


def _spacing(planes: Sequence[Plane]) -> Array:
    spacings = np.array([(plane.between_rows_mm, plane.between_columns_mm) for plane in planes])
    if (np.abs(spacings / spacings[0] - 1) > _SPACING_TOLERANCE).any():
        different = sorted({f"{rows:g} x {columns:g} mm" for rows, columns in spacings})
        raise GeometryRefused(
            f"the slices differ in Pixel Spacing ({_said(different)}): several reconstructions in one series. "
            "Send each as a series of its own"
        )
    found: Array = spacings[0]
    return found


def _step(positions: Array, places: Array) -> Array:
    """(3,): the common step in mm between the ordered positions, or why there is none."""
    distances = np.diff(places)
    usual = float(np.median(distances))
    tolerance = min(max(_PLACE_TOLERANCE_MM, 0.02 * usual), 0.2 * usual)
    _refuse_two_at_one_place(places, distances, max(tolerance / 10, 1e-3))
    _refuse_gaps(places, distances, usual)
    step: Array = (positions[-1] - positions[0]) / (len(positions) - 1)
    ideal = positions[0] + np.arange(len(positions))[:, np.newaxis] * step
    _refuse_uneven(distances, np.linalg.norm(positions - ideal, axis=1), tolerance)
    return step


def _refuse_two_at_one_place(places: Array, distances: Array, least: float) -> None:
    together = np.flatnonzero(distances < least)
    if together.size:
        raise GeometryRefused(
            f"{together.size + 1 if together.size == 1 else together.size} slices lie where another one lies, "
            f"the first at {places[together[0]]:.1f} mm: copies, or several echoes, phases or time points in "
            "one series. Send each as a series of its own"
        )


def _refuse_gaps(places: Array, distances: Array, usual: float) -> None:
    gaps = np.flatnonzero(distances > 1.5 * usual)
    if gaps.size:
        where = [f"between {places[at]:.1f} and {places[at + 1]:.1f} mm" for at in gaps]
        missing = int(np.round(distances[gaps] / usual - 1).sum())
        raise GeometryRefused(
            f"slices are missing {_said(where)}: the step there is not {usual:.2f} mm (about {missing} missing). "
            "Send the series again, whole"
        )


def _refuse_uneven(distances: Array, astray: Array, tolerance: float) -> None:
    if astray.max() <= tolerance:
        return
    raise GeometryRefused(
        f"the slices are not evenly spaced along one straight line: steps from {distances.min():.2f} to "
        f"{distances.max():.2f} mm, up to {astray.max():.2f} mm from an even grid. Send an evenly spaced series"
    )


def _said(places: list[str]) -> str:
    return ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
