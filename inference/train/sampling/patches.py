"""A part of an example, centred on something or lying anywhere."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.train.case import Boxes, Example, Mask, Truth
from inference.train.sampling.tables import Patches
from inference.train.truths import cut_to_image

_LEAST_SEEN = 0.5
"""Share of a box that must lie within the part."""

Number = TypeVar("Number", np.float32, np.uint8)


def cut_patch(example: Example, table: Patches, rng: np.random.Generator) -> Example:
    """A part of ``table.size``; where the example is smaller it is framed with its least value, and nothing is there.

    Raises TrainingRefused where size and example have not the same number of axes.
    """
    shape = example.values.shape
    if len(shape) != len(table.size):
        raise TrainingRefused(
            f"[sampling.patches] size has {len(table.size)} axes, but the examples have {len(shape)}; give one for each"
        )
    centre = _positive_voxel(example, rng) if rng.random() < table.positive_share else None
    corner = _corner(shape, table.size, centre, rng)
    return Example(
        values=_cut(example.values, corner, table.size, float(example.values.min())),
        truth=_truth(example, corner, table.size),
        group=example.group,
    )


def _positive_voxel(example: Example, rng: np.random.Generator) -> npt.NDArray[np.int64] | None:
    """A voxel of one of the segments or boxes that are there; None where nothing is."""
    truth = example.truth
    if isinstance(truth, Mask):
        present = np.flatnonzero(truth.segments.reshape(-1, truth.segments.shape[-1]).any(axis=0))
        if not len(present):
            return None
        where = np.flatnonzero(truth.segments[..., rng.choice(present)])
        return np.array(np.unravel_index(rng.choice(where), example.values.shape))
    if isinstance(truth, Boxes) and len(truth.boxes):
        box = truth.boxes[rng.integers(len(truth.boxes))]
        return np.asarray(np.floor(rng.uniform(box[:2], box[2:])), np.int64)
    return None


def _corner(
    shape: tuple[int, ...],
    size: tuple[int, ...],
    centre: npt.NDArray[np.int64] | None,
    rng: np.random.Generator,
) -> tuple[int, ...]:
    """The part's first voxel: within the example along each axis that is long enough, else around all of it."""
    room = np.array(shape) - np.array(size)
    anywhere = rng.integers(0, np.maximum(room, 0) + 1)
    wanted = anywhere if centre is None else np.clip(centre - np.array(size) // 2, 0, np.maximum(room, 0))
    return tuple(np.where(room >= 0, wanted, room // 2).tolist())


def _cut(
    values: npt.NDArray[Number], corner: tuple[int, ...], size: tuple[int, ...], around: float
) -> npt.NDArray[Number]:
    """Of (*shape, …) the part (*size, …); ``around`` where it lies outside."""
    part = np.full((*size, *values.shape[len(size) :]), around, values.dtype)
    inside, within = [], []
    for first, length, have in zip(corner, size, values.shape, strict=False):
        start, stop = max(0, first), min(have, first + length)
        inside.append(slice(start, stop))
        within.append(slice(start - first, stop - first))
    part[tuple(within)] = values[tuple(inside)]
    return part


def _truth(example: Example, corner: tuple[int, ...], size: tuple[int, ...]) -> Truth:
    truth = example.truth
    if isinstance(truth, Mask):
        return Mask(segments=_cut(truth.segments, corner, size, 0))
    if not isinstance(truth, Boxes):
        return truth
    boxes = truth.boxes - np.tile(np.array(corner, np.float32), 2)
    masks = None
    if truth.masks is not None:
        masks = np.moveaxis(_cut(np.moveaxis(truth.masks, 0, -1), corner, size, 0), -1, 0)
    return cut_to_image(Boxes(boxes=boxes, classes=truth.classes, masks=masks), size, _LEAST_SEEN)
