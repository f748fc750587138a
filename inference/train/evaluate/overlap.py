"""Which box found which: intersection over union, and a pairing in which each counts once."""

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Pairs = list[tuple[int, int, float]]
"""Number of the true box, number of the found one, their intersection over union."""


def intersection_over_union(first: Boxes, second: Boxes) -> npt.NDArray[np.float64]:
    """(n, m) from boxes (n, 4) and (m, 4): row_min, column_min, row_max, column_max; 0 for boxes without area."""
    a, b = np.asarray(first, np.float64)[:, None], np.asarray(second, np.float64)[None]
    sides = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    shared = sides.prod(-1)
    whole = _area(a) + _area(b) - shared
    return np.asarray(np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0))


def pair(
    truth: Boxes,
    truth_classes: npt.NDArray[np.integer],
    found: Boxes,
    found_classes: npt.NDArray[np.integer],
    *,
    at_least: float,
) -> Pairs:
    """Pairs of one class and an overlap of ``at_least``; ``found`` are asked in their order, the surest first.

    As PASCAL VOC counts (Everingham et al. 2010): a second box on the same object found nothing.
    """
    same = truth_classes[:, None] == found_classes[None]
    overlaps = np.where(same, intersection_over_union(truth, found), 0.0)
    pairs: Pairs = []
    for number in range(len(found)):
        best = int(np.argmax(overlaps[:, number])) if len(truth) else 0
        if len(truth) and overlaps[best, number] >= at_least:
            pairs.append((best, number, float(overlaps[best, number])))
            overlaps[best] = 0.0
    return pairs


def _area(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.clip(boxes[..., 2:] - boxes[..., :2], 0, None).prod(-1))
