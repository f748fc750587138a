"""A small backbone that learns from nothing: at each halving of the grid two convolutions, as in a U-Net's way down."""

from collections.abc import Sequence

import keras
from keras import layers

GROUPS = 4


def stages(*, rows: int, columns: int, channels: int, base: int, strides: Sequence[int]) -> keras.Model:
    """Build ``image (n, rows, columns, channels) -> [features (n, rows / stride, columns / stride, filters)]``.

    ``base`` filters at full resolution, doubled at each halving. Group normalisation: detectors learn from few
    images at a time. The model is called ``backbone``.
    """
    image = keras.Input((rows, columns, channels))
    level, features = image, []
    stride, filters = 1, base
    while True:
        level = _two_convolutions(level, filters)
        if stride in strides:
            features.append(level)
        if stride >= max(strides):
            return keras.Model(image, features, name="backbone")
        level = layers.MaxPooling2D(2)(level)
        stride, filters = stride * 2, filters * 2


def _two_convolutions(level: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    for _ in range(2):
        level = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(level)
        level = layers.GroupNormalization(GROUPS if filters % GROUPS == 0 else 1)(level)
        level = layers.ReLU()(level)
    return level
