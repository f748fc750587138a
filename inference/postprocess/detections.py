"""What a detection network found in one image."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Detections:
    """Boxes with their scores and classes, on one grid.

    ``boxes``: (n, 4) float32 of row_min, column_min, row_max, column_max in pixels, where 0, 0 is the outer
    corner of the first pixel and its centre lies at 0.5, 0.5 (as SCOORD counts, PS3.3 C.18.6.1.2).
    ``scores``: (n,) float32, 0 to 1. ``classes``: (n,) integers. ``masks``: (n, mask rows, mask columns)
    float32 probabilities, each stretched over its box (Mask R-CNN, He et al. 2017), or None.
    """

    boxes: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    classes: npt.NDArray[np.int64]
    masks: npt.NDArray[np.float32] | None = None

    def only(self, which: npt.NDArray[np.int64]) -> "Detections":
        """Those with these indices, in this order."""
        return Detections(
            boxes=self.boxes[which],
            scores=self.scores[which],
            classes=self.classes[which],
            masks=None if self.masks is None else self.masks[which],
        )
