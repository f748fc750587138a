"""Make an image square without stretching the patient."""

import numpy as np
import numpy.typing as npt

from inference.package.steps import Pad
from inference.preprocess.step import Prepared


def pad(pixels: npt.NDArray[np.float32], step: Pad) -> Prepared:
    """Pad the shorter side on both ends with ``step.value``; the way back cuts it off again."""
    rows, columns = pixels.shape
    side = max(rows, columns)
    above, left = (side - rows) // 2, (side - columns) // 2
    square = np.full((side, side), step.value, np.float32)
    square[above : above + rows, left : left + columns] = pixels

    def cut(maps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return maps[above : above + rows, left : left + columns]

    return Prepared(pixels=square, undo=cut)
