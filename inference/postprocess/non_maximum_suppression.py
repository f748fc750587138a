"""One box for one finding: of those that overlap the most certain stays."""

import numpy as np

from inference.package.overlap import areas, intersection_over_union
from inference.package.steps import NonMaximumSuppression
from inference.postprocess.detections import Detections


def non_maximum_suppression(detections: Detections, step: NonMaximumSuppression) -> Detections:
    """What stays, the highest score first; of equal scores the first.

    Boxes with a score below ``step.score_at_least`` go, and those without an area. Then, class by class, a box
    goes whose overlap (intersection over union) with a box that stays is above ``step.overlap_at_most``. Of
    the rest stay ``step.keep_at_most``.
    """
    order = np.argsort(-detections.scores, kind="stable")
    is_good = (detections.scores[order] >= step.score_at_least) & (areas(detections.boxes[order]) > 0)
    candidates = order[is_good]
    kept: list[int] = []
    while len(candidates) and len(kept) < step.keep_at_most:
        best, rest = candidates[0], candidates[1:]
        kept.append(int(best))
        same = detections.classes[rest] == detections.classes[best]
        overlap = intersection_over_union(detections.boxes[[best]], detections.boxes[rest])[0]
        candidates = rest[~(same & (overlap > step.overlap_at_most))]
    return detections.only(np.array(kept, np.int64))
