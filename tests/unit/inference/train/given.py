"""Examples drawn by code, whose image, masks and boxes say the same."""

import numpy as np

from inference.train.case import Boxes, Class, Example, Mask


def ellipse(shape, centre, axes):
    grid = np.indices(shape)
    return sum(((axis - c) / a) ** 2 for axis, c, a in zip(grid, centre, axes, strict=True)) <= 1


def extent(mask):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([rows[0], columns[0], rows[-1] + 1, columns[-1] + 1], np.float32)


def blobs(shape=(96, 80), *, group=""):
    """Two ellipses, neither in the middle: 0.8 and 0.4 on 0.1; in 3-D two ellipsoids."""
    share = np.array(shape)
    first = ellipse(shape, share * 0.42, share * (0.2, 0.12, 0.15)[: len(shape)])
    second = ellipse(shape, share * 0.7, share * (0.08, 0.15, 0.1)[: len(shape)]) & ~first
    values = (0.1 + 0.7 * first + 0.3 * second).astype(np.float32)
    return values, first, second


def masked(shape=(96, 80)):
    values, first, second = blobs(shape)
    return Example(values=values, truth=Mask(segments=np.stack([first, second], axis=-1).astype(np.uint8)))


def boxed(shape=(96, 80), *, with_masks=True):
    values, first, second = blobs(shape)
    return Example(
        values=values,
        truth=Boxes(
            boxes=np.stack([extent(first), extent(second)]),
            classes=np.array([0, 1], np.int32),
            masks=np.stack([first, second]).astype(np.uint8) if with_masks else None,
        ),
    )


def classed(number, classes=3, *, value=None, group=""):
    shares = np.eye(classes, dtype=np.float32)[number]
    values = np.full((8, 6), number if value is None else value, np.float32)
    return Example(values=values, truth=Class(shares=shares), group=group or str(number))


def overlap(a, b):
    """Dice of two masks."""
    return 2 * np.logical_and(a, b).sum() / max(1, a.sum() + b.sum())
