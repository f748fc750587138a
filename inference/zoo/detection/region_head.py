"""The region proposal network's head: is there something at an anchor, and how it lies (Ren et al. 2015, 3.1)."""

import keras
from keras import layers


def region_head(channels: int, anchors_a_cell: int) -> keras.Model:
    """Build ``level (n, rows, columns, channels) -> {'objectness': (n, anchors), 'codes': (n, anchors, 4)}``.

    A 3 x 3 convolution, and a 1 x 1 for each answer; the same weights for every level. Objectness is a logit.
    The anchors are in the order of ``anchors.anchor_grid``.
    """
    level = keras.Input((None, None, channels))
    shared = layers.Conv2D(channels, 3, padding="same", activation="relu")(level)
    # Small weights at the start: no anchor is preferred, none is moved.
    small = keras.initializers.RandomNormal(stddev=0.01)
    objectness = layers.Conv2D(anchors_a_cell, 1, kernel_initializer=small, dtype="float32")(shared)
    codes = layers.Conv2D(anchors_a_cell * 4, 1, kernel_initializer=small, dtype="float32")(shared)
    answers = {
        "objectness": layers.Reshape((-1,), dtype="float32")(objectness),
        "codes": layers.Reshape((-1, 4), dtype="float32")(codes),
    }
    return keras.Model(level, answers, name="region_head")
