"""Pictures as the network sees them: the very steps that serving carries out, from the manifest."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.package.steps import IntensityStep, PreprocessStep
from inference.preprocess import preprocess
from inference.preprocess.field import Field
from inference.train.data import Example

Plane = npt.NDArray[np.float32]


def read_pixels(example: Example) -> Plane:
    """The image as (rows, columns) float32; colour becomes luminance."""
    with Image.open(example.image) as picture:
        return np.asarray(picture.convert("F"), np.float32)


def read_mask(example: Example, rows: int, columns: int) -> Plane:
    """The mask as (rows, columns) of 0 and 1, brought to the image's grid by nearest neighbour."""
    with Image.open(example.mask) as picture:
        grid = picture.convert("L").resize((columns, rows), Image.Resampling.NEAREST)
    return (np.asarray(grid) > 127).astype(np.float32)


def prepare(example: Example, steps: Sequence[PreprocessStep]) -> tuple[Plane, Plane]:
    """Image and mask on the network's grid; the mask takes the geometric steps alone."""
    pixels = read_pixels(example)
    mask = read_mask(example, *pixels.shape)
    geometric = [step for step in steps if not isinstance(step, IntensityStep)]
    image, _ = preprocess(Field(values=pixels, affine=None), steps)
    covered, _ = preprocess(Field(values=mask, affine=None), geometric)
    return image.values, (covered.values >= 0.5).astype(np.float32)
