"""Bring a 2-D image to the network's fixed size, and its maps back."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.package.steps import Resize
from inference.preprocess.step import Prepared


def resize(pixels: npt.NDArray[np.float32], step: Resize) -> Prepared:
    """Resample to (step.rows, step.columns), bilinear with anti-aliasing; the way back is the same in reverse."""
    rows, columns = pixels.shape

    def back(maps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.stack([_resample(maps[..., k], rows, columns) for k in range(maps.shape[-1])], axis=-1)

    return Prepared(pixels=_resample(pixels, step.rows, step.columns), undo=back)


def _resample(plane: npt.NDArray[np.float32], rows: int, columns: int) -> npt.NDArray[np.float32]:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BILINEAR), np.float32)
