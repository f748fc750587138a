"""A plain convolutional network for classes, in the line of LeNet (LeCun et al. 1998, Proc. IEEE 86)."""

from typing import Literal

import keras
from keras import layers

SMALLEST = 18
"""Rows and columns below which the convolutions, which have no padding, leave nothing to learn from."""


def cnn(
    *,
    rows: int = 224,
    columns: int = 224,
    channels: int = 3,
    classes: int = 10,
    activation: Literal["softmax", "sigmoid"] = "softmax",
) -> keras.Model:
    """Build the network ``{'image': (n, rows, columns, channels)} -> {'probabilities': (n, classes)}``.

    Convolution 32, pooling, convolution 64, pooling, convolution 64, flatten, dense 64, dense ``classes``; kernels
    of 3 x 3 without padding. 11,132,618 parameters as it stands, nearly all in the first dense layer. With
    ``softmax`` an image is of one class; with ``sigmoid`` each class is there or not.
    Raises ValueError for an image too small, and for a softmax of one class.
    """
    if min(rows, columns) < SMALLEST:
        raise ValueError(f"{rows} x {columns} is too small; give at least {SMALLEST} rows and columns")
    if classes < 1 or (activation == "softmax" and classes == 1):
        raise ValueError("a softmax has at least two classes, and a sigmoid one")
    image = keras.Input((rows, columns, channels), name="image")
    level = layers.Conv2D(32, 3, activation="relu")(image)
    level = layers.MaxPooling2D(2)(level)
    level = layers.Conv2D(64, 3, activation="relu")(level)
    level = layers.MaxPooling2D(2)(level)
    level = layers.Conv2D(64, 3, activation="relu")(level)
    level = layers.Dense(64, activation="relu")(layers.Flatten()(level))
    probabilities = layers.Dense(classes, activation=activation, name="probabilities")(level)
    return keras.Model({"image": image}, {"probabilities": probabilities}, name="cnn")
