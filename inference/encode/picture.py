"""The pieces of every preview: an image in grey, outlines in the segments' colours, a PNG.

No text and no attribute of the instance goes into it; it is still a picture of a patient.
"""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]
Window = tuple[float, float]


def window_of(pixels: npt.NDArray[np.float32]) -> Window:
    """What is shown black and what white: all but the half percent at either end."""
    low, high = np.percentile(pixels, [0.5, 99.5])
    return float(low), float(high)


def grey(pixels: npt.NDArray[np.float32], size: tuple[int, int], window: Window | None = None) -> Picture:
    """(height, width, 3) of a (rows, columns) image; ``size`` is (width, height)."""
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))
    low, high = window_of(small) if window is None else window
    scaled = (np.clip(small, low, high) - low) / max(high - low, 1e-6)
    return np.repeat(np.asarray(scaled * 255, np.uint8)[..., np.newaxis], 3, axis=-1)


def draw_outlines(
    picture: Picture, masks: Sequence[npt.NDArray[np.uint8]], colours: Sequence[Colour]
) -> None:
    """Draw the outermost two pixels of each (rows, columns) mask of 0 and 1, at the border of the image too."""
    size = picture.shape[1], picture.shape[0]
    for mask, colour in zip(masks, colours, strict=True):
        shown = Image.fromarray(mask * np.uint8(255)).resize(size, Image.Resampling.BILINEAR)
        inside = np.asarray(shown) >= 128
        picture[inside & ~ndimage.binary_erosion(inside, iterations=2, border_value=0)] = colour


def png(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
