"""The U-Net of Ronneberger, Fischer and Brox (MICCAI 2015, arXiv:1505.04597), of any width and depth.

Two liberties beside the paper: 'same' padding, so that the output lies on the input's grid, and
group normalisation (Wu and He, arXiv:1803.08494) on demand, which does not lean on the batch size.
"""

from typing import Literal

import keras
from keras import layers

GROUPS = 4

Normalisation = Literal["group"] | None


def unet(
    *,
    rows: int = 256,
    columns: int = 256,
    channels: int = 1,
    classes: int = 1,
    base: int = 64,
    depth: int = 4,
    normalisation: Normalisation = None,
    dropout: float = 0.0,
) -> keras.Model:
    """Build the network ``{'image': (n, rows, columns, channels)} -> {'probabilities': (n, rows, columns, classes)}``.

    ``base`` is the number of filters at full resolution, doubled on each of ``depth`` levels down.
    ``dropout`` acts at the bottom only. Each class has its own sigmoid: classes may overlap.
    Raises ValueError where rows or columns cannot be halved ``depth`` times.
    """
    if rows % 2**depth or columns % 2**depth:
        raise ValueError(f"{rows} x {columns} cannot be halved {depth} times; use multiples of {2**depth}")
    image = keras.Input((rows, columns, channels), name="image")
    level, skipped = image, []
    for step in range(depth):
        level = _two_convolutions(level, base * 2**step, normalisation)
        skipped.append(level)
        level = layers.MaxPooling2D(2)(level)
    level = _two_convolutions(level, base * 2**depth, normalisation)
    level = layers.Dropout(dropout)(level) if dropout else level
    for step in reversed(range(depth)):
        level = layers.Conv2DTranspose(base * 2**step, 2, strides=2)(level)
        level = layers.Concatenate()([skipped[step], level])
        level = _two_convolutions(level, base * 2**step, normalisation)
    probabilities = layers.Conv2D(classes, 1, activation="sigmoid", name="probabilities")(level)
    return keras.Model({"image": image}, {"probabilities": probabilities}, name="unet")


def _two_convolutions(
    level: keras.KerasTensor, filters: int, normalisation: Normalisation
) -> keras.KerasTensor:
    for _ in range(2):
        level = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(level)
        if normalisation == "group":
            level = layers.GroupNormalization(min(GROUPS, filters))(level)
        level = layers.ReLU()(level)
    return level
