"""A volume turned so that its axes are the patient's: for looking at it, never for results."""

import numpy as np
import numpy.typing as npt

Voxels = npt.NDArray[np.float32]


def to_patient_axes(values: Voxels, affine: npt.NDArray[np.float64]) -> Voxels:
    """``values`` (slices, rows, columns) as a view with axes towards head, posterior and left, in this order.

    Each axis of the grid goes to the patient axis it is nearest to; no two to the same.
    """
    steps, order = affine[:3, :3], _order(affine)
    turned = values.transpose(order)
    backwards = [steps[axis, grid] < 0 for axis, grid in zip((2, 1, 0), order, strict=True)]
    return turned[tuple(slice(None, None, -1 if back else 1) for back in backwards)]


def step_lengths(affine: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(3,): the lengths in mm of a step along the axes of what ``to_patient_axes`` gives."""
    lengths: npt.NDArray[np.float64] = np.linalg.norm(affine[:3, :3], axis=0)[list(_order(affine))]
    return lengths


def _order(affine: npt.NDArray[np.float64]) -> tuple[int, int, int]:
    """The grid's axis nearest to head, to posterior and to left, the surest first."""
    left, found = np.abs(affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)), [0, 0, 0]
    for _ in range(3):
        patient, grid = np.unravel_index(int(left.argmax()), left.shape)
        found[int(patient)] = int(grid)
        left[patient, :] = left[:, grid] = -1
    return found[2], found[1], found[0]
