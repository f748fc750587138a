"""The mask of one segment from a file, on its image's grid."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.errors import TrainingRefused
from inference.train.sources.picture import read_picture
from inference.train.sources.tables import MaskFile

Plane = npt.NDArray[np.uint8]


def read_mask(path: Path, table: MaskFile, shape: tuple[int, ...], image: str) -> Plane:
    """0 and 1 of the shape of the image: a picture of another size but the same proportions is brought to it, each
    pixel from the nearest.

    Raises TrainingRefused where the mask cannot lie on ``image``, or marks nothing for a mistake in ``above``.
    """
    values = read_picture(path).values
    marked = (values == table.value) if table.value is not None else (values > table.above)
    if table.value is None and not marked.any() and values.max() > 0:
        raise TrainingRefused(
            f"{path} has no pixel above {table.above}; its largest is {values.max():g}: "
            "give the segment a smaller 'above', or the 'value' that marks it"
        )
    mask = marked.astype(np.uint8)
    if mask.shape == shape:
        return mask
    if mask.ndim != 2 or len(shape) != 2 or not _same_proportions(mask.shape, shape):
        raise TrainingRefused(
            f"{path} is of {_size(mask.shape)}, and does not match its image {image} of {_size(shape)}; "
            "export the mask on the image's own grid"
        )
    return np.asarray(Image.fromarray(mask).resize(shape[::-1], Image.Resampling.NEAREST))


def _same_proportions(mask: tuple[int, ...], image: tuple[int, ...]) -> bool:
    """Up to the rounding of one of the mask's pixels."""
    return (
        abs(mask[0] - image[0] * mask[1] / image[1]) <= 1
        and abs(mask[1] - image[1] * mask[0] / image[0]) <= 1
    )


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
