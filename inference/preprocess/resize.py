"""Bring an image or a volume to the network's fixed size, and what was found on it back."""

from inference.package.steps import Resize
from inference.preprocess.field import Field, Prepared, moved
from inference.preprocess.interpolation import Spread, spread


def resize(field: Field, step: Resize) -> Prepared:
    """Resample to (step.rows, step.columns), and a volume to step.slices where that is given.

    Linear, with anti-aliasing where the grid shrinks. Both grids have the same outer faces.
    """
    before = field.values.shape
    slices = (step.slices or before[0],) if field.values.ndim == 3 else ()
    after = (*slices, step.rows, step.columns)
    scale = tuple(old / new for old, new in zip(before, after, strict=True))
    to = Spread(before=before, after=after, scale=scale)
    prepared = Field(values=spread(field.values, to), affine=moved(field.affine, to.scale, to.offset))
    return Prepared(field=prepared, undo=to)
