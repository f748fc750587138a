"""A feature pyramid: every level knows what the coarser ones have seen (Lin et al., CVPR 2017, arXiv:1612.03144)."""

from collections.abc import Sequence

import keras
from keras import layers


def pyramid(features: Sequence[keras.KerasTensor], channels: int) -> list[keras.KerasTensor]:
    """Levels (n, rows, columns, channels) on the grids of ``features``, finest first, each half as fine as the last.

    From the coarsest down: twice as large by nearest neighbours, plus a 1 x 1 convolution of the features there; a
    3 x 3 convolution at the end of each. There is no activation in it, as in the paper.
    """
    merged = _lateral(features[-1], channels)
    levels = [merged]
    for finer in reversed(features[:-1]):
        merged = layers.Add()([layers.UpSampling2D(2)(merged), _lateral(finer, channels)])
        levels.append(merged)
    return [layers.Conv2D(channels, 3, padding="same")(level) for level in reversed(levels)]


def _lateral(features: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    return layers.Conv2D(channels, 1)(features)
