"""Make an image or a volume larger without stretching the patient."""

import numpy as np

from inference.package.steps import Pad
from inference.preprocess.box import Frame, put_in
from inference.preprocess.field import Field, Prepared, moved


def pad(field: Field, step: Pad) -> Prepared:
    """Add voxels of ``step.value`` on both ends of each axis until the size is as declared.

    Of an odd number the one more goes to the end. An axis that is large enough stays as it is. The way back
    cuts off what was added.
    """
    before = field.values.shape
    after = _wanted(before, step)
    corner = tuple((new - old) // 2 for old, new in zip(before, after, strict=True))
    values = put_in(np.full(after, step.value, np.float32), field.values, corner)
    affine = moved(field.affine, np.ones(len(before)), -np.array(corner))
    return Prepared(field=Field(values=values, affine=affine), undo=Frame(corner=corner, inside=before))


def _wanted(shape: tuple[int, ...], step: Pad) -> tuple[int, ...]:
    if step.to == "square":
        return (*shape[:-2], max(shape[-2:]), max(shape[-2:]))
    if step.multiple is not None:
        return tuple(-(-size // step.multiple) * step.multiple for size in shape)
    sizes = (step.slices, step.rows, step.columns)[-len(shape) :]
    return tuple(max(size, least or 0) for size, least in zip(shape, sizes, strict=True))
