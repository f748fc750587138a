"""Which layers learn: what was learnt elsewhere is kept at first, and moved gently later (Yosinski et al. 2014)."""

from collections.abc import Iterator

import keras
from keras import layers

_STATISTICS = (layers.BatchNormalization,)


def freeze(network: keras.Model, part: str) -> None:
    """Keep the weights of the layer or model called ``part``, which may lie inside another, as they are.

    Batch normalisation in it uses the statistics it came with and gathers none. An optimiser, and a traced step,
    made before knows nothing of it: build them afterwards. Raises ValueError where there is no such part.
    """
    _part(network, part).trainable = False


def unfreeze(network: keras.Model, part: str, *, from_layer: str | None = None) -> None:
    """Let ``part`` learn again; with ``from_layer`` only that layer of it and those that come after.

    Its batch normalisation stays as it is: a few images are no statistics. Raises ValueError for an unknown name.
    """
    found = _part(network, part)
    leaves = list(_leaves(found))
    names = [leaf.name for leaf in leaves]
    if from_layer is not None and from_layer not in names:
        raise ValueError(f"'{part}' has no layer '{from_layer}'; its last are {', '.join(names[-5:])}")
    begin = 0 if from_layer is None else names.index(from_layer)
    # First the whole: a part that is frozen keeps what is inside it frozen.
    found.trainable = True
    for place, leaf in enumerate(leaves):
        leaf.trainable = place >= begin and not isinstance(leaf, _STATISTICS)


def _part(network: keras.Model, name: str) -> keras.Layer:
    for layer in _all(network):
        if layer.name == name:
            return layer
    names = ", ".join(layer.name for layer in network.layers)
    raise ValueError(f"the network has no part '{name}'; it has {names}")


def _all(layer: keras.Layer) -> Iterator[keras.Layer]:
    yield layer
    for inner in getattr(layer, "layers", []):
        yield from _all(inner)


def _leaves(layer: keras.Layer) -> Iterator[keras.Layer]:
    """In the order in which the image passes them."""
    return (each for each in _all(layer) if not hasattr(each, "layers"))
