"""How much two boxes overlap: intersection over union, for golden cases, suppression and evaluation alike."""

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Areas = npt.NDArray[np.float64]


def intersection_over_union(first: Boxes, second: Boxes) -> npt.NDArray[np.float64]:
    """(n, m), 0 to 1, from boxes (n, 4) and (m, 4): row_min, column_min, row_max, column_max.

    0 where neither box has an area, or a corner is no number.
    """
    a, b = first.T[:, :, np.newaxis].astype(np.float64), second.T[:, np.newaxis].astype(np.float64)
    shared = _area(np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:]))
    whole = _area(a[:2], a[2:]) + _area(b[:2], b[2:]) - shared
    return np.asarray(np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0))


def areas(boxes: Boxes) -> Areas:
    """(n,) from boxes (n, 4), in square pixels; 0 for a box that ends before it begins."""
    corners = boxes.T.astype(np.float64)
    return _area(corners[:2], corners[2:])


def _area(first: Areas, last: Areas) -> Areas:
    """Of the corners (2, …) of rows and columns, which lie on the first axis: many boxes are one loop in C so."""
    rows, columns = (last - first).clip(min=0)
    return np.asarray(rows * columns)
