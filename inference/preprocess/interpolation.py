"""Linear interpolation of a grid along its axes, anti-aliased where it shrinks, and the nearest voxel back.

Pillow's resampling does the work: a triangle as wide as the larger of the two steps, along each axis by
itself, in C. Where the grid grows that is linear interpolation; where it shrinks every voxel still counts.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.preprocess.field import Labels, Values

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How a grid of ``before`` becomes one of ``after`` voxels, around one common centre.

    ``scale`` is how many old voxels one new voxel spans, axis by axis. Index i of the new grid lies at
    (before - 1) / 2 + scale * (i - (after - 1) / 2) of the old one.
    """

    before: Shape
    after: Shape
    scale: tuple[float, ...]

    @property
    def offset(self) -> npt.NDArray[np.float64]:
        """Where the new grid's index 0 lies on the old one, axis by axis."""
        before, after = np.array(self.before), np.array(self.after)
        return np.asarray((before - 1) / 2 - np.array(self.scale) * (after - 1) / 2)

    @property
    def reach(self) -> tuple[tuple[float, float], ...]:
        """From where to where the new grid's outer faces reach, in old voxels from the old grid's outer face."""
        spans = [(b, s * a) for b, a, s in zip(self.before, self.after, self.scale, strict=True)]
        # The sixth decimal is a millionth of a voxel; beyond it lies only what division left over.
        return tuple((round((b - span) / 2, 6), round((b + span) / 2, 6)) for b, span in spans)

    @property
    def reverse(self) -> "Spread":
        """The way back."""
        return Spread(before=self.after, after=self.before, scale=tuple(1 / each for each in self.scale))

    def maps(self, maps: Values) -> Values:
        """Maps (..., channels) on the new grid, brought to the old one linearly."""
        return np.stack([spread(maps[..., k], self.reverse) for k in range(maps.shape[-1])], axis=-1)

    def labels(self, labels: Labels) -> Labels:
        """A label map on the new grid, brought to the old one: each old voxel takes the nearest new one."""
        for axis in range(labels.ndim):
            labels = labels.take(self._nearest(axis), axis=axis)
        return labels

    def boxes(self, boxes: Values) -> Values:
        """Boxes on the new grid, in pixels of the old one."""
        # From corner to corner: a pixel's outer corner lies half a pixel before its centre.
        scale, offset = np.array(self.scale[-2:]), self.offset[-2:]
        corner = offset + 0.5 - 0.5 * scale
        return np.asarray(boxes * np.tile(scale, 2) + np.tile(corner, 2), np.float32)

    def _nearest(self, axis: int) -> npt.NDArray[np.intp]:
        old = np.arange(self.before[axis])
        new = (old - self.offset[axis]) / self.scale[axis]
        return np.asarray(np.clip(np.rint(new), 0, self.after[axis] - 1), np.intp)


def spread(values: Values, to: Spread) -> Values:
    """Values (rows, columns) or (slices, rows, columns) on the grid ``to`` describes, float32."""
    if values.ndim == 2:
        return _plane(values, to)
    within = Spread(before=to.before[1:], after=to.after[1:], scale=to.scale[1:])
    across = Spread(before=to.before[:1], after=to.after[:1], scale=to.scale[:1])
    # What makes the field smaller comes first: the other pass has less to do.
    if to.after[0] < to.before[0]:
        return _in_planes(_across_slices(values, across), within)
    return _across_slices(_in_planes(values, within), across)


def _in_planes(values: Values, within: Spread) -> Values:
    if _is_nothing(within):
        return values
    planes = np.empty((len(values), *within.after), np.float32)
    for k, plane in enumerate(values):
        planes[k] = _plane(plane, within)
    return planes


def _across_slices(values: Values, across: Spread) -> Values:
    if _is_nothing(across):
        return values
    slices, rows, columns = values.shape
    result = np.empty((*across.after, rows, columns), np.float32)
    upright = Spread(before=(slices, columns), after=(*across.after, columns), scale=(*across.scale, 1.0))
    for row in range(rows):
        result[:, row] = _plane(values[:, row], upright)
    return result


def _is_nothing(to: Spread) -> bool:
    return to.before == to.after and all(each == 1.0 for each in to.scale)


def _plane(plane: Values, to: Spread) -> Values:
    rows, columns = to.after
    (above, below), (left, right) = to.reach
    # Pillow reads within an image alone; where the new grid reaches beyond it the border's values go on.
    rim = max(0, *(math.ceil(each) for each in (-above, -left, below - len(plane), right - plane.shape[1])))
    framed = np.pad(plane, rim, mode="edge") if rim else plane
    image = Image.fromarray(np.ascontiguousarray(framed, np.float32))
    box = (left + rim, above + rim, right + rim, below + rim)
    return np.asarray(image.resize((columns, rows), Image.Resampling.BILINEAR, box=box), np.float32)
