"""The second stage's head: what is in a proposal, and how it lies for each class (Fast R-CNN, Girshick 2015)."""

import keras
from keras import layers


def box_head(*, bins: int, channels: int, hidden: int, classes: int) -> keras.Model:
    """Build ``regions (n, proposals, bins, bins, channels) -> logits and codes``, for any number of proposals.

    ``logits``: (n, proposals, classes + 1), the background last. ``codes``: (n, proposals, classes, 4), see
    ``box_coding``. Two dense layers of ``hidden`` units, shared by both answers (Lin et al. 2017, section 4.2).
    """
    regions = keras.Input((None, bins, bins, channels))
    shared = layers.Reshape((-1, bins * bins * channels))(regions)
    for _ in range(2):
        shared = layers.Dense(hidden, activation="relu", kernel_initializer="he_normal")(shared)
    logits = layers.Dense(classes + 1, kernel_initializer=_small(0.01), dtype="float32")(shared)
    codes = layers.Dense(classes * 4, kernel_initializer=_small(0.001), dtype="float32")(shared)
    answers = {"logits": logits, "codes": layers.Reshape((-1, classes, 4), dtype="float32")(codes)}
    return keras.Model(regions, answers, name="box_head")


def _small(deviation: float) -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=deviation)
