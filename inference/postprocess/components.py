"""Keep what is large and connected; a model's crumbs are not anatomy."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.package.steps import Components


def components(maps: npt.NDArray[Any], step: Components) -> npt.NDArray[np.uint8]:
    """Of each class keep the ``keep_largest`` largest components that fill ``smallest_fraction`` of the image.

    ``maps`` is (rows, columns, classes) of 0 and 1. Pixels are connected along rows and columns, not diagonally.
    """
    classes = [_largest(maps[..., k], step) for k in range(maps.shape[-1])]
    return np.stack(classes, axis=-1)


def _largest(mask: npt.NDArray[Any], step: Components) -> npt.NDArray[np.uint8]:
    numbered, count = ndimage.label(mask)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)[1:]
    # A stable sort: of two components of one size the upper one wins, on every machine.
    order = np.argsort(-sizes, kind="stable")[: step.keep_largest]
    kept = order[sizes[order] >= step.smallest_fraction * mask.size] + 1
    return np.isin(numbered, kept).astype(np.uint8)
