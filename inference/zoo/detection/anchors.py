"""Where a region proposal network looks first: boxes of some sizes and shapes around every cell (Ren et al. 2015).

Faster R-CNN, NeurIPS 2015, arXiv:1506.01497, section 3.1; one size of cell for each level of a pyramid as of
Lin et al. (Feature Pyramid Networks, CVPR 2017, arXiv:1612.03144), section 4.1.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]


def pyramid_anchors(
    rows: int, columns: int, *, strides: Sequence[int], scales: Sequence[float], ratios: Sequence[float]
) -> Boxes:
    """The anchors of all levels for an image (rows, columns), level after level: (anchors, 4).

    A level's sizes are its stride times each of ``scales``; see ``anchor_grid`` for the rest.
    """
    grids = [
        anchor_grid(
            rows // stride,
            columns // stride,
            stride=stride,
            sizes=[stride * scale for scale in scales],
            ratios=ratios,
        )
        for stride in strides
    ]
    return np.concatenate(grids)


def anchor_grid(
    rows: int, columns: int, *, stride: int, sizes: Sequence[float], ratios: Sequence[float]
) -> Boxes:
    """Anchors of (rows, columns) cells of ``stride`` pixels: (rows * columns * sizes * ratios, 4).

    Cells follow each other along columns, then rows; in a cell, ratios, then sizes. The centre of cell i lies at
    (i + 0.5) * stride. A ratio is height over width; the area is size squared whatever the ratio.
    """
    shapes = [(size * ratio**0.5, size / ratio**0.5) for size in sizes for ratio in ratios]
    half = np.array(shapes) / 2
    row, column = np.meshgrid(
        (np.arange(rows) + 0.5) * stride, (np.arange(columns) + 0.5) * stride, indexing="ij"
    )
    centres = np.stack([row, column], axis=-1).reshape(-1, 1, 2)
    return np.concatenate([centres - half, centres + half], axis=-1).reshape(-1, 4).astype(np.float32)
