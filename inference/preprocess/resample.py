"""Bring a volume to the voxel size the network was taught on."""

import numpy as np

from inference.errors import GeometryRefused
from inference.package.steps import Resample
from inference.preprocess.field import Field, Prepared, moved
from inference.preprocess.interpolation import Spread, spread


def resample(field: Field, step: Resample) -> Prepared:
    """Resample to exactly the declared distances in mm, along the volume's own axes.

    Linear, with anti-aliasing where the grid shrinks. An axis of n voxels at distance d becomes one of
    round(n * d / wanted), at least 1; both grids have the same centre, so that the new outer faces lie within
    half a new voxel of the old ones, and beyond the old ones the border's values go on. Of an image only rows
    and columns change. Raises GeometryRefused for a field without a place in the patient.
    """
    if field.affine is None:
        raise GeometryRefused("the package wants voxels of a size in mm ('resample'); this image gives none")
    before = field.values.shape
    to = _grid(before, np.linalg.norm(field.affine[:3, :3], axis=0)[-len(before) :], step)
    prepared = Field(values=spread(field.values, to), affine=moved(field.affine, to.scale, to.offset))
    return Prepared(field=prepared, undo=to)


def _grid(
    before: tuple[int, ...], spacing_mm: np.ndarray[tuple[int], np.dtype[np.float64]], step: Resample
) -> Spread:
    declared = (step.between_slices_mm, step.between_rows_mm, step.between_columns_mm)[-len(before) :]
    scale = tuple(
        wanted / float(is_now) if wanted else 1.0 for wanted, is_now in zip(declared, spacing_mm, strict=True)
    )
    after = tuple(max(1, round(size / each)) for size, each in zip(before, scale, strict=True))
    return Spread(before=before, after=after, scale=scale)
