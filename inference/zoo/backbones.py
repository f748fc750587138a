"""Networks from keras.applications by name, to begin with what others have learnt (Yosinski et al. 2014).

Weights come from a file, never from the internet: a machine beside a PACS has none. ``notop`` files are those to
take; each network's paper stands in Keras' documentation of its name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from keras import applications, layers

STRIDE = 32
"""Pixels a cell at the end of each of these networks: rows and columns are multiples of it."""

SMALLEST = 64
"""Rows and columns below which the last grid is one cell, as is a mean over the whole image."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """How a network is built without its top, and what it wants done to greys from 0 to 255 before it reads them."""

    build: Callable[..., keras.Model]
    prepare: Callable[[Any], Any]


def _family(build: Callable[..., keras.Model], module: Any) -> Family:
    return Family(build=build, prepare=module.preprocess_input)


BACKBONES: Mapping[str, Family] = {
    "DenseNet121": _family(applications.DenseNet121, applications.densenet),
    "EfficientNetV2B0": _family(applications.EfficientNetV2B0, applications.efficientnet_v2),
    "MobileNetV2": _family(applications.MobileNetV2, applications.mobilenet_v2),
    "MobileNetV3Small": _family(applications.MobileNetV3Small, applications.mobilenet_v3),
    "ResNet50": _family(applications.ResNet50, applications.resnet),
    "ResNet50V2": _family(applications.ResNet50V2, applications.resnet_v2),
    "VGG16": _family(applications.VGG16, applications.vgg16),
}
"""Those whose grids halve exactly. EfficientNetB0 is not here: Keras builds it otherwise for weights from a file than
for those it fetches itself, and they would read greys on another scale than they learnt."""


def feature_backbone(
    name: str,
    *,
    rows: int,
    columns: int,
    channels: int = 1,
    strides: Sequence[int] = (STRIDE,),
    weights: Path | None = None,
) -> keras.Model:
    """Build ``image (n, rows, columns, channels) in 0..1 -> [features (n, rows / stride, …)]`` for each stride.

    The features of a stride are the last on its grid. One channel is given three times; 0..1 becomes what the
    network was taught on. ``weights``: a file of its weights without the top (.weights.h5, or .h5 as Keras offers
    them); None begins from chance. The model is called ``backbone``.
    Raises ValueError for a name that is not in BACKBONES, a size or stride that does not fit, and weights that do
    not; FileNotFoundError where there are none.
    """
    family = _require(name, rows, columns, channels)
    body = family.build(include_top=False, weights=None, input_shape=(rows, columns, 3))
    if weights is not None:
        _load(body, name, weights)
    grids = [(rows // stride, columns // stride) for stride in strides]
    taps = keras.Model(body.input, [_last_on(body, name, grid) for grid in grids], name=name)
    image = keras.Input((rows, columns, channels))
    colours = layers.Concatenate()([image] * 3) if channels == 1 else image
    features = taps(family.prepare(layers.Rescaling(255.0)(colours)))
    return keras.Model(image, features, name="backbone")


def _require(name: str, rows: int, columns: int, channels: int) -> Family:
    if name not in BACKBONES:
        raise ValueError(f"'{name}' is no backbone; choose one of {', '.join(sorted(BACKBONES))}")
    if rows % STRIDE or columns % STRIDE or min(rows, columns) < SMALLEST:
        raise ValueError(
            f"{name} cannot read {rows} x {columns}; use multiples of {STRIDE} from {SMALLEST} on"
        )
    if channels not in (1, 3):
        raise ValueError(f"{name} reads 1 or 3 channels, not {channels}")
    return BACKBONES[name]


def _load(body: keras.Model, name: str, weights: Path) -> None:
    if not weights.is_file():
        raise FileNotFoundError(
            f"{weights} is not there; fetch the weights of {name} without its top where there is internet, "
            "and copy them"
        )
    try:
        body.load_weights(weights)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(
            f"{weights} does not hold the weights of {name} without its top ({type(error).__name__}); "
            "the file of another network does not fit, nor does an .h5 with the top"
        ) from error


def _last_on(body: keras.Model, name: str, grid: tuple[int, int]) -> Any:
    # Operations, not layers: sums and products are no layers. A border of zeros may make a grid look like a finer one.
    outputs = [step.output for step in body.operations if not isinstance(step, layers.ZeroPadding2D)]
    found = [each for each in outputs if len(each.shape) == 4 and tuple(each.shape[1:3]) == grid]
    if not found:
        raise ValueError(
            f"{name} has no features on a grid of {grid[0]} x {grid[1]}; choose strides of 2 to {STRIDE}"
        )
    return found[-1]
