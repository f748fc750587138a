"""A picture of the result for a human's eye: the image in grey, the outlines in the segments' colours.

No text and no attribute of the instance goes into it; it is still a picture of a patient.
"""

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from inference.package.output import Segment

LONGEST_SIDE = 1024


def draw_preview(
    pixels: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8], segments: list[Segment]
) -> bytes:
    """A PNG of at most 1024 pixels a side.

    ``pixels`` (rows, columns) in the MONOCHROME2 sense, ``labels`` (rows, columns, segments) of 0 and 1.
    """
    size = _size(*pixels.shape)
    picture = np.repeat(_grey(pixels, size)[..., np.newaxis], 3, axis=-1)
    for k, segment in enumerate(segments):
        mask = Image.fromarray(labels[..., k] * np.uint8(255)).resize(size, Image.Resampling.BILINEAR)
        picture[_outline(np.asarray(mask) >= 128)] = segment.colour_rgb
    return _png(Image.fromarray(picture))


def _size(rows: int, columns: int) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    return max(1, round(columns * scale)), max(1, round(rows * scale))


def _grey(pixels: npt.NDArray[np.float32], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))
    low, high = np.percentile(small, [0.5, 99.5])
    scaled = (np.clip(small, low, high) - low) / max(float(high - low), 1e-6)
    return np.asarray(scaled * 255, np.uint8)


def _outline(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The outermost two pixels of the mask, at the border of the image too."""
    inner = ndimage.binary_erosion(mask, iterations=2, border_value=0)
    outline: npt.NDArray[np.bool_] = mask & ~inner
    return outline


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
