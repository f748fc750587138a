"""The U-Net of planes (Ronneberger, Fischer and Brox, MICCAI 2015, arXiv:1505.04597) and of volumes.

Volumes as of Çiçek et al. (MICCAI 2016, arXiv:1606.06650). Liberties beside the papers: 'same' padding, so that
the output lies on the input's grid; group normalisation (Wu and He, arXiv:1803.08494) on demand, which does not lean
on the batch size; and in volumes the filters double as they do in planes, after the pooling and not before it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import keras
from keras import layers

from inference.zoo.group_normalisation import GroupNormalisation

GROUPS = 4

Normalisation = Literal["group"] | None
Activation = Literal["sigmoid", "softmax"]


@dataclass(frozen=True, kw_only=True)
class _Kit:
    """The layers of one number of dimensions."""

    convolution: Any
    pooling: Any
    transposed: Any
    normalisation: Any


_PLANES = _Kit(
    convolution=layers.Conv2D,
    pooling=layers.MaxPooling2D,
    transposed=layers.Conv2DTranspose,
    normalisation=layers.GroupNormalization,
)
_VOLUMES = _Kit(
    convolution=layers.Conv3D,
    pooling=layers.MaxPooling3D,
    transposed=layers.Conv3DTranspose,
    normalisation=GroupNormalisation,
)


def unet(
    *,
    rows: int = 256,
    columns: int = 256,
    slices: int | None = None,
    channels: int = 1,
    classes: int = 1,
    base: int = 64,
    depth: int = 4,
    normalisation: Normalisation = None,
    dropout: float = 0.0,
    activation: Activation = "sigmoid",
) -> keras.Model:
    """Build the network ``{'image': (n, rows, columns, channels)} -> {'probabilities': (n, rows, columns, classes)}``.

    With ``slices`` it reads volumes: (n, slices, rows, columns, channels), and answers on that grid.
    ``base`` is the number of filters at full resolution, doubled on each of ``depth`` levels down.
    ``dropout`` acts at the bottom only. With ``sigmoid`` classes may overlap; with ``softmax`` the probabilities
    of a voxel sum to 1, and one of the classes is the background.
    Raises ValueError where an axis cannot be halved ``depth`` times, or a softmax has one class only.
    """
    shape = (rows, columns) if slices is None else (slices, rows, columns)
    _require_sense(shape, depth, base, classes, activation)
    kit = _PLANES if slices is None else _VOLUMES
    image = keras.Input((*shape, channels), name="image")
    level, skipped = image, []
    for step in range(depth):
        level = _two_convolutions(kit, level, base * 2**step, normalisation)
        skipped.append(level)
        level = kit.pooling(2)(level)
    level = _two_convolutions(kit, level, base * 2**depth, normalisation)
    level = layers.Dropout(dropout)(level) if dropout else level
    for step in reversed(range(depth)):
        level = kit.transposed(base * 2**step, 2, strides=2)(level)
        level = layers.Concatenate()([skipped[step], level])
        level = _two_convolutions(kit, level, base * 2**step, normalisation)
    probabilities = kit.convolution(classes, 1, activation=activation, name="probabilities")(level)
    return keras.Model({"image": image}, {"probabilities": probabilities}, name="unet")


def _require_sense(
    shape: tuple[int, ...], depth: int, base: int, classes: int, activation: Activation
) -> None:
    if depth < 1 or base < 1 or classes < 1:
        raise ValueError(f"depth {depth}, base {base} and classes {classes}: each is at least 1")
    if any(length % 2**depth for length in shape):
        size = " x ".join(map(str, shape))
        raise ValueError(f"{size} cannot be halved {depth} times; use multiples of {2**depth}")
    if activation == "softmax" and classes == 1:
        raise ValueError(
            "a softmax of one class is 1 everywhere; add the background as a class, or use sigmoid"
        )


def _two_convolutions(
    kit: _Kit, level: keras.KerasTensor, filters: int, normalisation: Normalisation
) -> keras.KerasTensor:
    for _ in range(2):
        level = kit.convolution(filters, 3, padding="same", kernel_initializer="he_normal")(level)
        if normalisation == "group":
            level = kit.normalisation(min(GROUPS, filters))(level)
        level = layers.ReLU()(level)
    return level
