"""Do neighbouring slices look like neighbours? If not, their positions belong to other slices.

A series whose positions were exchanged has a faultless grid; only the picture tells. Two slices that changed places
do not show here, a series shuffled as a whole does.
"""

import numpy as np
import numpy.typing as npt

APART = 5
"""Slices with which neighbours are compared; odd, since interleaved MR alternates in brightness."""
FEWEST = 3 * APART
NO_NEARER = 0.6
"""Neighbours of a shuffled series differ as much as any other slices, a ratio of 0.8 to 1.3; of CT and MR, 0.3."""
LEAST_CHANGE = 0.005
"""Of the range of values: where nothing changes along the series, its order cannot be judged."""
POINTS = 16


def reasons_shuffled(voxels: npt.NDArray[np.float32]) -> tuple[str, ...]:
    """Why the slices of (slices, rows, columns) ``voxels`` seem to be out of order; empty where they do not."""
    if len(voxels) < FEWEST:
        return ()
    small = _coarse(voxels)
    near = float(np.abs(small[1:] - small[:-1]).mean())
    far = float(np.abs(small[APART:] - small[:-APART]).mean())
    if far < LEAST_CHANGE * float(np.ptp(small)) or near <= NO_NEARER * far:
        return ()
    return ("neighbouring slices are no more alike than others: the slices look out of order",)


def _coarse(voxels: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(slices, POINTS, POINTS) means, so that noise does not count."""
    rows, columns = (np.linspace(0, size, POINTS, endpoint=False).astype(int) for size in voxels.shape[1:])
    step = max(1, min(voxels.shape[1:]) // 128)
    thin = voxels[:, ::step, ::step]
    rows, columns = np.unique(rows // step), np.unique(columns // step)
    sums = np.add.reduceat(np.add.reduceat(thin, rows, axis=1, dtype=np.float64), columns, axis=2)
    counts = np.outer(np.diff([*rows, thin.shape[1]]), np.diff([*columns, thin.shape[2]]))
    return np.asarray(sums / counts)
