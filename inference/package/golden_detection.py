"""golden/case.npz of a detection: one input with the boxes the model gave for it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.package.arrays import Expected, read_arrays
from inference.package.golden import INPUT, MOST_DIFFERENCE, Affine, Floats, affine_in, golden_path
from inference.package.overlap import intersection_over_union

LEAST_OVERLAP = 0.9
"""Intersection over union of a box with its golden twin."""

_ARRAYS: Expected = {**INPUT, "boxes": (2, "f"), "scores": (1, "f"), "classes": (1, "iu")}
Classes = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class GoldenDetection:
    """``pixels`` and ``affine`` as in GoldenCase; on the grid of ``pixels``, what the package counts as found:
    ``boxes`` (n, 4) float32 of row_min, column_min, row_max, column_max; ``scores`` (n,) float32; ``classes`` (n,).
    """

    pixels: Floats
    affine: Affine | None = None
    boxes: Floats
    scores: Floats
    classes: Classes


def read_golden_detection(folder: Path) -> GoldenDetection:
    """Read ``folder/golden/case.npz``; raises PackageInvalid.

    A case without a box proves nothing of boxes, and is refused.
    """
    path = golden_path(folder)
    arrays = read_arrays(path, _ARRAYS, may_lack=("affine",))
    case = GoldenDetection(
        pixels=arrays["pixels"].astype(np.float32),
        affine=affine_in(arrays, path),
        boxes=arrays["boxes"].astype(np.float32),
        scores=arrays["scores"].astype(np.float32),
        classes=arrays["classes"].astype(np.int64),
    )
    if case.boxes.shape != (len(case.scores), 4) or len(case.classes) != len(case.scores):
        raise PackageInvalid(f"{path}: boxes, scores and classes are not of one length; pack it anew")
    return case


def reason_boxes_not_reproduced(
    case: GoldenDetection, boxes: Floats, scores: Floats, classes: Classes
) -> str | None:
    """What differs from the golden case beyond the tolerances, as a sentence; None where it was reproduced.

    Boxes are paired by class and overlap, so that their order does not count.
    """
    if len(scores) != len(case.scores):
        return f"{len(scores)} boxes were found, {len(case.scores)} in the golden case"
    left = list(range(len(scores)))
    overlaps = intersection_over_union(case.boxes, boxes)
    for overlap, score, kind in zip(overlaps, case.scores, case.classes, strict=True):
        twins = [k for k in left if classes[k] == kind and overlap[k] >= LEAST_OVERLAP]
        if not twins:
            return f"a box of class {kind} is not found again with an overlap of {LEAST_OVERLAP}"
        twin = max(twins, key=lambda k: overlap[k])
        if not abs(float(scores[twin]) - float(score)) <= MOST_DIFFERENCE:
            found = f"a score is {scores[twin]:.3f}, {score:.3f} in the golden case"
            return f"{found}, apart by more than {MOST_DIFFERENCE}"
        left.remove(twin)
    return None
