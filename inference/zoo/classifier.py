"""A classifier on a backbone from keras.applications: begin with what others have learnt, end with one's own classes.

The mean over the grid of the last features (Lin, Chen and Yan 2014, arXiv:1312.4400), and one dense layer. With the
backbone frozen only that layer learns; see ``freezing``.
"""

from pathlib import Path
from typing import Literal

import keras
from keras import layers

from inference.zoo.backbones import feature_backbone


def classifier(
    name: str,
    *,
    rows: int = 224,
    columns: int = 224,
    channels: int = 1,
    classes: int,
    weights: Path | None = None,
    dropout: float = 0.0,
    activation: Literal["softmax", "sigmoid"] = "softmax",
) -> keras.Model:
    """Build the network ``{'image': (n, rows, columns, channels) in 0..1} -> {'probabilities': (n, classes)}``.

    ``name`` and ``weights`` as of ``backbones.feature_backbone``, whose errors it raises; and ValueError for a
    softmax of one class.
    """
    if classes < 1 or (activation == "softmax" and classes == 1):
        raise ValueError("a softmax has at least two classes, and a sigmoid one")
    image = keras.Input((rows, columns, channels), name="image")
    backbone = feature_backbone(name, rows=rows, columns=columns, channels=channels, weights=weights)
    (features,) = backbone(image)
    level = layers.GlobalAveragePooling2D()(features)
    level = layers.Dropout(dropout)(level) if dropout else level
    probabilities = layers.Dense(classes, activation=activation, name="probabilities")(level)
    return keras.Model({"image": image}, {"probabilities": probabilities}, name="classifier")
