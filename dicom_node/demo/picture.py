"""A picture for people: the source with the outline of what was marked."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom import Dataset
from scipy.ndimage import binary_dilation

from dicom_node.demo.verdict import Segmented

LONGEST_SIDE = 1000
OUTLINE_RGB = (80, 200, 255)


def draw_overlay(source: Dataset, marked: Sequence[Segmented], path: Path) -> None:
    """Write a PNG of ``source`` (a single-frame MONOCHROME image) with a contour for each segment."""
    picture = np.repeat(_grey(source)[..., None], 3, axis=2)
    width = max(1, max(picture.shape) // 500)
    for segment in marked:
        picture[_outline(segment.mask, width)] = OUTLINE_RGB
    image = Image.fromarray(picture)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.save(path)


def _grey(source: Dataset) -> npt.NDArray[np.uint8]:
    pixels = source.pixel_array.astype(np.float32)
    if source.PhotometricInterpretation == "MONOCHROME1":
        pixels = pixels.max() - pixels
    low, high = np.percentile(pixels, [1, 99.5])
    grey: npt.NDArray[np.uint8] = (255 * np.clip((pixels - low) / max(high - low, 1), 0, 1)).astype(np.uint8)
    return grey


def _outline(mask: npt.NDArray[np.bool_], width: int) -> npt.NDArray[np.bool_]:
    return np.asarray(binary_dilation(mask, iterations=width) & ~mask)
