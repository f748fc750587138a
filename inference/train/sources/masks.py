"""The mask of one segment from a file, on its image's grid."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.errors import TrainingRefused
from inference.preprocess.field import Affine, Field
from inference.train.sources.on_grid import LARGEST_OFFSET
from inference.train.sources.picture import read_picture
from inference.train.sources.tables import MaskFile

Plane = npt.NDArray[np.uint8]


def read_mask(path: Path, table: MaskFile, image: Field, name: str) -> Plane:
    """0 and 1 of the shape of ``image``, which ``name`` is for messages: a picture of another size but the same
    proportions is brought to it, each pixel from the nearest.

    Raises TrainingRefused where the mask cannot lie on the image, lies elsewhere in the patient, or marks nothing for
    a mistake in ``above``.
    """
    drawn, shape = read_picture(path), image.values.shape
    values = drawn.values
    marked = (values == table.value) if table.value is not None else (values > table.above)
    if table.value is None and not marked.any() and values.max() > 0:
        raise TrainingRefused(
            f"{path} has no pixel above {table.above}; its largest is {values.max():g}: "
            "give the segment a smaller 'above', or the 'value' that marks it"
        )
    mask = marked.astype(np.uint8)
    if mask.shape == shape:
        _require_same_place(drawn.affine, image, path, name)
        return mask
    if mask.ndim != 2 or len(shape) != 2 or not _same_proportions(mask.shape, shape):
        raise TrainingRefused(
            f"{path} is of {_size(mask.shape)}, and does not match its image {name} of {_size(shape)}; "
            "export the mask on the image's own grid"
        )
    return np.asarray(Image.fromarray(mask).resize(shape[::-1], Image.Resampling.NEAREST))


def _require_same_place(affine: Affine | None, image: Field, path: Path, name: str) -> None:
    """Asked at the corners: no voxel between them can lie further away."""
    if affine is None or image.affine is None:
        return
    last = np.array([*image.values.shape, 2]) - 1
    corners = last * [[*corner, 1] for corner in np.ndindex(2, 2, 2)]
    away_mm = np.linalg.norm((corners @ (affine - image.affine).T)[:, :3], axis=1).max()
    voxel_mm = np.linalg.norm(image.affine[:3, :3], axis=0).min()
    if not away_mm <= LARGEST_OFFSET * voxel_mm:  # so what is no number is refused, too
        raise TrainingRefused(
            f"{path} lies up to {away_mm:.3g} mm away from its image {name}, or is mirrored or turned: the affines in "
            "the two headers differ; export the mask on the image's own grid"
        )


def _same_proportions(mask: tuple[int, ...], image: tuple[int, ...]) -> bool:
    """Up to the rounding of one of the mask's pixels."""
    return (
        abs(mask[0] - image[0] * mask[1] / image[1]) <= 1
        and abs(mask[1] - image[1] * mask[0] / image[0]) <= 1
    )


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
