"""Which box found which: a pairing by overlap in which each counts once."""

import numpy as np
import numpy.typing as npt

from inference.package.overlap import Boxes, intersection_over_union

Pairs = list[tuple[int, int, float]]
"""Number of the true box, number of the found one, their intersection over union."""


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
