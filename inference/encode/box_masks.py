"""The masks of a detection, each stretched over its box (Mask R-CNN, He et al. 2017), on the image's grid."""

import numpy as np
import numpy.typing as npt
from PIL import Image

_INSIDE = 0.5

Box = tuple[float, float, float, float]


def paste(mask: npt.NDArray[np.float32], box: Box, rows: int, columns: int) -> npt.NDArray[np.uint8]:
    """(rows, columns) of 0 and 1 from (mask rows, mask columns) probabilities over ``box``.

    A pixel is inside where the probability at its centre, between the centres of the mask's cells, is a half.
    """
    layer = np.zeros((rows, columns), np.uint8)
    row_min, column_min, row_max, column_max = box
    first_row, last_row = max(int(np.floor(row_min)), 0), min(int(np.ceil(row_max)), rows)
    first_column, last_column = max(int(np.floor(column_min)), 0), min(int(np.ceil(column_max)), columns)
    if last_row <= first_row or last_column <= first_column:
        return layer
    size = (last_column - first_column, last_row - first_row)
    per_row, per_column = mask.shape[0] / (row_max - row_min), mask.shape[1] / (column_max - column_min)
    # Where the window of whole pixels begins and ends, in cells of the mask.
    window = (
        (first_column - column_min) * per_column,
        (first_row - row_min) * per_row,
        (last_column - column_min) * per_column,
        (last_row - row_min) * per_row,
    )
    stretched = Image.fromarray(np.pad(mask, 1, mode="edge").astype(np.float32)).transform(
        size,
        Image.Transform.EXTENT,
        tuple(each + 1 for each in window),
        Image.Resampling.BILINEAR,
    )
    inside = _centres_inside(box, (first_row, first_column), size)
    layer[first_row:last_row, first_column:last_column] = (np.asarray(stretched) >= _INSIDE) & inside
    return layer


def _centres_inside(box: Box, corner: tuple[int, int], size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    rows = np.arange(size[1]) + corner[0] + 0.5
    columns = np.arange(size[0]) + corner[1] + 0.5
    inside: npt.NDArray[np.bool_] = np.outer(
        (rows >= box[0]) & (rows <= box[2]), (columns >= box[1]) & (columns <= box[3])
    )
    return inside
