"""An image, or a slice within a volume, with nothing on it."""

import numpy as np
import numpy.typing as npt

from inference.gate.sample import sampled

Floats = npt.NDArray[np.float32]


def reason_blank(pixels: Floats) -> str | None:
    """Why (rows, columns) ``pixels`` hold no picture; None where they do.

    Judged between the permilles, so that a burnt-in letter on an empty exposure does not make a picture.
    """
    low, high = np.percentile(pixels, [0.1, 99.9])
    return "the image is blank: all but a few pixels hold one value" if low == high else None


def reason_volume_blank(voxels: Floats) -> str | None:
    """Why (slices, rows, columns) ``voxels`` hold no picture; None where they do."""
    low, high = np.percentile(sampled(voxels), [0.1, 99.9])
    return "the series is blank: all but a few voxels hold one value" if low == high else None


def reasons_of_blank_slices(voxels: Floats) -> tuple[str, ...]:
    """Why slices with one value only, between others that hold a picture, speak of damage."""
    empty = np.array([each.min() == each.max() for each in voxels])
    filled = np.flatnonzero(~empty)
    if not filled.size or not (count := int(empty[filled[0] : filled[-1]].sum())):
        return ()
    return (
        f"{count} of {len(voxels)} slices are blank between others that are not: part of the series was lost",
    )
