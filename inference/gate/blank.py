"""An image with nothing on it."""

import numpy as np
import numpy.typing as npt


def reason_blank(pixels: npt.NDArray[np.float32]) -> str | None:
    """Why (rows, columns) ``pixels`` hold no picture; None where they do.

    Judged between the permilles, so that a burnt-in letter on an empty exposure does not make a picture.
    """
    low, high = np.percentile(pixels, [0.1, 99.9])
    return "the image is blank: all but a few pixels hold one value" if low == high else None
