"""One box for one finding: of those that overlap the most certain stays."""

import numpy as np
import numpy.typing as npt

from inference.package.steps import NonMaximumSuppression
from inference.postprocess.detections import Detections

Boxes = npt.NDArray[np.float32]


def non_maximum_suppression(detections: Detections, step: NonMaximumSuppression) -> Detections:
    """What stays, the highest score first; of equal scores the first.

    Boxes with a score below ``step.score_at_least`` go, and those without an area. Then, class by class, a box
    goes whose overlap (intersection over union) with a box that stays is above ``step.overlap_at_most``. Of
    the rest stay ``step.keep_at_most``.
    """
    order = np.argsort(-detections.scores, kind="stable")
    is_good = (detections.scores[order] >= step.score_at_least) & (_areas(detections.boxes[order]) > 0)
    candidates = order[is_good]
    kept: list[int] = []
    while len(candidates) and len(kept) < step.keep_at_most:
        best, rest = candidates[0], candidates[1:]
        kept.append(int(best))
        same = detections.classes[rest] == detections.classes[best]
        overlap = _overlaps(detections.boxes[best], detections.boxes[rest])
        candidates = rest[~(same & (overlap > step.overlap_at_most))]
    return detections.only(np.array(kept, np.int64))


def _overlaps(box: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """(n,): intersection over union of (4,) with (n, 4)."""
    shared = _areas(
        np.concatenate([np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])], 1)
    )
    return np.asarray(shared / (_areas(box[np.newaxis]) + _areas(others) - shared))


def _areas(boxes: Boxes) -> npt.NDArray[np.float64]:
    """(n,): 0 for a box that ends before it begins."""
    rows, columns = (boxes[:, 2:] - boxes[:, :2]).clip(min=0).T.astype(np.float64)
    return np.asarray(rows * columns)
