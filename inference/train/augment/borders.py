"""Bars along the sides, as collimation, padding and digitised film leave them."""

import numpy as np
import numpy.typing as npt

from inference.train.augment.axes import require_image
from inference.train.augment.look import Values
from inference.train.augment.move_boxes import LEAST_SEEN
from inference.train.augment.tables import Borders
from inference.train.case import Boxes, Mask, Truth
from inference.train.truths import cut_to_image

Window = tuple[int, int, int, int]
"""First row and column that are seen, and the ones after the last."""


def borders(values: Values, truth: Truth, step: Borders, rng: np.random.Generator) -> tuple[Values, Truth]:
    """Values with bars on some sides, and the truth without what lies under them."""
    require_image(values.shape, step.step)
    before, behind = _widths(values.shape, step, rng), _widths(values.shape, step, rng)
    rows, columns = values.shape
    window = (before[0], before[1], rows - behind[0], columns - behind[1])
    seen = np.zeros(values.shape, np.uint8)
    seen[window[0] : window[2], window[1] : window[3]] = 1
    grey = np.float32(rng.choice([0.0, 0.0, 0.0, 1.0]))
    return np.where(seen, values, grey).astype(np.float32), _seen_of(truth, seen, window)


def _widths(shape: tuple[int, ...], step: Borders, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.random() * step.widest * size) if rng.random() < 0.5 else 0 for size in shape)


def _seen_of(truth: Truth, seen: npt.NDArray[np.uint8], window: Window) -> Truth:
    if isinstance(truth, Mask):
        return Mask(segments=truth.segments * seen[..., None])
    if not isinstance(truth, Boxes):
        return truth
    corner = np.array([window[0], window[1]] * 2, np.float32)
    shape = (window[2] - window[0], window[3] - window[1])
    masks = None if truth.masks is None else truth.masks * seen
    within = cut_to_image(
        Boxes(boxes=truth.boxes - corner, classes=truth.classes, masks=masks), shape, LEAST_SEEN
    )
    return Boxes(boxes=within.boxes + corner, classes=within.classes, masks=within.masks)
