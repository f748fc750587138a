"""Which of a box's pixels are the object's, for each class by itself (Mask R-CNN, He et al. 2017, section 3)."""

import keras
from keras import layers

CONVOLUTIONS = 4


def mask_head(*, bins: int, channels: int, classes: int) -> keras.Model:
    """Build ``regions (boxes, bins, bins, channels) -> logits (boxes, 2 * bins, 2 * bins, classes)``.

    The boxes of all images follow each other. Four 3 x 3 convolutions, a transposed one that doubles the grid, and a
    1 x 1. Classes do not compete: each has a sigmoid of its own, and the box head says whose counts.
    """
    regions = keras.Input((bins, bins, channels))
    level = regions
    for _ in range(CONVOLUTIONS):
        level = layers.Conv2D(channels, 3, padding="same", activation="relu", kernel_initializer="he_normal")(
            level
        )
    level = layers.Conv2DTranspose(channels, 2, strides=2, activation="relu")(level)
    logits = layers.Conv2D(classes, 1, dtype="float32")(level)
    return keras.Model(regions, logits, name="mask_head")
