"""A picture for people: the source with the outline of what was marked."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from pydicom import Dataset
from scipy.ndimage import binary_dilation

from dicom_node.demo.verdict import Found

LONGEST_SIDE = 1000
OUTLINE_RGB = (80, 200, 255)
BOX_RGB = (255, 200, 60)


def draw_overlay(source: Dataset, found: Found, path: Path) -> None:
    """Write a PNG of ``source`` (a single-frame MONOCHROME image): a contour for each segment, and each box."""
    picture = np.repeat(_grey(source)[..., None], 3, axis=2)
    width = max(1, max(picture.shape) // 500)
    for segment in found.marked:
        picture[_outline(segment.mask, width)] = OUTLINE_RGB
    image = Image.fromarray(picture)
    for box in found.boxed:
        ImageDraw.Draw(image).line([tuple(point) for point in box.outline.tolist()], BOX_RGB, width)
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
