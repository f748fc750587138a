"""A grid inside a larger one: the ways back of padding, which cuts, and of cropping, which adds."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from inference.preprocess.field import Labels, Values

Shape = tuple[int, ...]
Whole = TypeVar("Whole", bound=npt.NDArray[Any])


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The grid before a step is the box of shape ``inside`` at ``corner`` of the grid after it."""

    corner: Shape
    inside: Shape

    def maps(self, maps: Values) -> Values:
        """The box cut out of maps (..., channels)."""
        return maps[_box(self.corner, self.inside)]

    def labels(self, labels: Labels) -> Labels:
        """The box cut out of a label map."""
        return labels[_box(self.corner, self.inside)]

    def boxes(self, boxes: Values) -> Values:
        """Counted from the corner, and cut to the image."""
        limits = np.tile(np.array(self.inside[-2:], np.float32), 2)
        return np.clip(boxes - np.tile(self.corner[-2:], 2).astype(np.float32), 0, limits)


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """The grid after a step is a box at ``corner`` of the grid before it, which is of shape ``around``."""

    corner: Shape
    around: Shape

    def maps(self, maps: Values) -> Values:
        """Maps (..., channels) with 0 around them: of what was cut off the model said nothing."""
        return put_in(np.zeros((*self.around, maps.shape[-1]), np.float32), maps, self.corner)

    def labels(self, labels: Labels) -> Labels:
        """The label map with background around it."""
        return put_in(np.zeros(self.around, np.uint8), labels, self.corner)

    def boxes(self, boxes: Values) -> Values:
        """Counted from the corner of the whole."""
        return boxes + np.tile(self.corner[-2:], 2).astype(np.float32)


def put_in(whole: Whole, part: npt.NDArray[Any], corner: Shape) -> Whole:
    """Write ``part`` into ``whole`` at ``corner`` and return ``whole``."""
    whole[_box(corner, part.shape[: len(corner)])] = part
    return whole


def _box(corner: Shape, size: Shape) -> tuple[slice, ...]:
    return tuple(slice(start, start + length) for start, length in zip(corner, size, strict=True))
