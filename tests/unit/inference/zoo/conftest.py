"""Bright and dark rectangles on noise, and a short training on them."""

from dataclasses import dataclass

import numpy as np
import pytest

SIZE = 64
MOST = 3


@dataclass(frozen=True, kw_only=True)
class Rectangles:
    images: np.ndarray  # (n, 64, 64, 1): noise; a rectangle of class 0 is dark, of class 1 bright
    boxes: np.ndarray  # (n, 3, 4)
    classes: np.ndarray  # (n, 3), -1 where there is none
    masks: np.ndarray  # (n, 3, 64, 64)


def draw(count: int, seed: int) -> Rectangles:
    rng = np.random.default_rng(seed)
    images = rng.normal(0.0, 0.1, (count, SIZE, SIZE, 1)).astype(np.float32)
    boxes, classes = np.zeros((count, MOST, 4), np.float32), np.full((count, MOST), -1, np.int32)
    masks = np.zeros((count, MOST, SIZE, SIZE), np.uint8)
    for image in range(count):
        halves = rng.permutation([0, 32])[: 1 + image % 2]
        for place, left in enumerate(halves):
            height, width = rng.integers(12, 28, 2)
            row, column = rng.integers(0, SIZE - height), left + rng.integers(0, 32 - width)
            kind = rng.integers(0, 2)
            inside = (image, slice(row, row + height), slice(column, column + width))
            images[inside] += 1.0 if kind else -1.0
            masks[image, place][inside[1:]] = 1
            boxes[image, place] = row, column, row + height, column + width
            classes[image, place] = kind
    return Rectangles(images=images, boxes=boxes, classes=classes, masks=masks)


@pytest.fixture
def rectangles():
    return draw(8, 0)


@pytest.fixture
def small_design():
    from inference.zoo.detection.design import Design

    return Design(
        rows=SIZE,
        columns=SIZE,
        classes=2,
        strides=(4, 8),
        anchor_scales=(4.0,),
        pyramid_channels=32,
        hidden=64,
        candidates=200,
        proposals=32,
        detections=8,
    )


@pytest.fixture
def teach():
    """``teach(rcnn, rectangles, steps)``: plain Adam on all images at once; returns the last losses."""
    import keras
    import tensorflow as tf

    from inference.zoo.detection.objective import objective

    def teach(rcnn, seen, steps):
        weights = rcnn.network.trainable_variables
        optimizer = keras.optimizers.Adam(2e-3)
        optimizer.build(weights)
        masks = None if rcnn.mask_head is None else seen.masks

        @tf.function
        def step():
            with tf.GradientTape() as tape:
                parts = objective(rcnn, seen.images, seen.boxes, seen.classes, masks)
            optimizer.apply_gradients(zip(tape.gradient(parts["total"], weights), weights, strict=True))
            return parts

        for _ in range(steps):
            parts = step()
        return {name: float(value) for name, value in parts.items()}

    return teach


@pytest.fixture
def matched():
    """``matched(outputs, rectangles)``: for each true box, the place of a box of its class with IoU >= 0.5, or None."""

    def matched(outputs, seen):
        found = []
        for image, place in np.argwhere(seen.classes >= 0):
            wanted = seen.boxes[image, place]
            good = [
                number
                for number in range(int(outputs["valid"][image]))
                if outputs["classes"][image, number] == seen.classes[image, place]
                and _overlap(outputs["boxes"][image, number], wanted) >= 0.5
            ]
            found.append((image, place, good[0] if good else None))
        return found

    return matched


def _overlap(a, b):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = max(sides[0], 0) * max(sides[1], 0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
