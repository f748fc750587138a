"""Where a box goes when the image is moved."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.train.augment.motion import Motion
from inference.train.case import Boxes
from inference.train.truths import cut_to_image

LEAST_SEEN = 0.25
"""Share of a box that must be left within the image; of less, nobody could tell what it is."""

_POINTS = 64
_EXTENT_PIXELS = 1.5

Corners = npt.NDArray[np.float32]
Plane = npt.NDArray[np.uint8]


def move_boxes(truth: Boxes, motion: Motion, shape: tuple[int, ...], masks: Sequence[Plane] | None) -> Boxes:
    """The boxes of ``truth`` moved, cut to the image of ``shape``; those that it hardly shows any more are gone.

    ``masks`` are the boxes' own, moved already. A box that was the extent of its mask is so again; another becomes the
    extent of the ellipse within it: the extent of its turned corners would be far too large (Kalra et al.,
    arXiv:2106.00506).
    """
    moved = np.array([_moved(box, motion) for box in truth.boxes], np.float32).reshape(-1, 4)
    if truth.masks is not None and masks is not None:
        for number, (before, after) in enumerate(zip(truth.masks, masks, strict=True)):
            if _is_extent(truth.boxes[number], before) and after.any():
                moved[number] = _extent(after)
        planes = np.stack(masks) if masks else truth.masks
        return cut_to_image(Boxes(boxes=moved, classes=truth.classes, masks=planes), shape, LEAST_SEEN)
    return cut_to_image(Boxes(boxes=moved, classes=truth.classes), shape, LEAST_SEEN)


def _moved(box: Corners, motion: Motion) -> npt.NDArray[np.float64]:
    angle = np.linspace(0.0, 2 * np.pi, _POINTS, endpoint=False)
    centre, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    rim = centre[:, None] + half[:, None] * np.stack([np.sin(angle), np.cos(angle)])
    # A box counts from the first pixel's outer corner, an index from its centre.
    new = motion.new_of(rim - 0.5) + 0.5
    return np.concatenate([new.min(axis=1), new.max(axis=1)])


def _is_extent(box: Corners, mask: Plane) -> bool:
    return bool(mask.any() and np.abs(_extent(mask) - box).max() <= _EXTENT_PIXELS)


def _extent(mask: Plane) -> npt.NDArray[np.float64]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([rows[0], columns[0], rows[-1] + 1, columns[-1] + 1], np.float64)
