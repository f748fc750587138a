"""Is the background darker than what lies in the middle? If not, the intensities are inverted."""

import numpy as np
import numpy.typing as npt

from inference.gate.sample import sampled

SHARE_OF_RANGE = 0.25
"""By how much of the range of values the border must be brighter; noise and coil shading do less."""


def reason_inverted(voxels: npt.NDArray[np.float32]) -> str | None:
    """Why (slices, rows, columns) ``voxels`` look inverted; None where they do not.

    Judged within the slices: the corners of a slice hold air in CT and MR, unless the field is cut to the body,
    and then they are not much brighter than its middle.
    """
    seen = sampled(voxels)
    low, high = np.percentile(seen, [1, 99])
    rows, columns = (max(1, size // 10) for size in seen.shape[1:])
    corners = np.concatenate(
        [
            seen[:, r, c].ravel()
            for r in (slice(rows), slice(-rows, None))
            for c in (slice(columns), slice(-columns, None))
        ]
    )
    middle = seen[:, 3 * rows : -3 * rows or None, 3 * columns : -3 * columns or None]
    if np.median(corners) - np.median(middle) <= SHARE_OF_RANGE * (high - low):
        return None
    return "the background is brighter than what lies in the middle: the intensities look inverted"
