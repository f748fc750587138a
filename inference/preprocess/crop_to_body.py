"""Leave the air around the patient away."""

import numpy as np

from inference.package.steps import CropToBody
from inference.preprocess.box import Cutting
from inference.preprocess.field import Field, Prepared, Values, moved
from inference.volume.connected import parts_of
from inference.volume.runs import Runs, runs_of_mask


def crop_to_body(field: Field, step: CropToBody) -> Prepared:
    """Cut to the largest connected part above ``step.above``, with ``step.margin`` voxels around it.

    Voxels are connected along the axes, not diagonally. Where nothing is that bright all is kept. The way back
    puts background where the crop cut off.
    """
    values = field.values
    first, last = _body(values, step)
    cut = values[tuple(slice(start, stop) for start, stop in zip(first, last, strict=True))]
    affine = moved(field.affine, np.ones(values.ndim), np.array(first))
    return Prepared(field=Field(values=cut, affine=affine), undo=Cutting(corner=first, around=values.shape))


def _body(values: Values, step: CropToBody) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The box to keep: its first voxel, and the one after its last."""
    runs = runs_of_mask(values > step.above)
    if not runs.voxels:
        return (0,) * values.ndim, values.shape
    least, most = _largest(runs).box
    first = tuple(max(0, each - step.margin) for each in least[-values.ndim :])
    sizes = zip(most[-values.ndim :], values.shape, strict=True)
    return first, tuple(min(size, each + step.margin) for each, size in sizes)


def _largest(runs: Runs) -> Runs:
    parts = parts_of(runs)
    return runs.only(parts.number == np.argmax(parts.voxels))
