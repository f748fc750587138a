"""What a network begins from: another package, a weights file, and which of its parts keep still."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.errors import TrainingRefused
from inference.package.checksums import verify_checksums
from inference.package.manifest import read_manifest
from inference.predict.inspection import refuse_what_is_not_mathematics
from inference.predict.members import folders_of_members
from inference.train.recipe.network import Start
from inference.zoo.freezing import freeze, unfreeze

Arrays = list[npt.NDArray[Any]]

HEAD = 2
"""Arrays of the last layer: its kernel and its bias."""


def begin(network: keras.Model, start: Start, beside: Path) -> None:
    """Give ``network`` the weights that ``start`` names, relative to ``beside``, and freeze what it says.

    Raises TrainingRefused where the weights are of another network and for a part that it has not, PackageInvalid
    where the package is not sound.
    """
    require_start(start, beside)
    if start.package is not None:
        _take(network, weights_of_package(beside / start.package, start.member), start.new_head)
    if start.weights is not None:
        _load(network, beside / start.weights)
    _freeze(network, start)


def require_start(start: Start, beside: Path) -> None:
    """Raise TrainingRefused where a package or file that ``start`` names is not there, relative to ``beside``."""
    if start.package is not None and not (beside / start.package).is_dir():
        raise TrainingRefused(
            f"[network.start] package: {beside / start.package} is not there; name the folder of a model package, "
            "relative to the recipe"
        )
    if start.weights is not None and not (beside / start.weights).is_file():
        raise TrainingRefused(
            f"[network.start] weights: {beside / start.weights} is not there; name a .weights.h5 file, relative to "
            "the recipe"
        )


def weights_of_package(folder: Path, member: int) -> Arrays:
    """All arrays of one member of a package that was trained here, in the order of its network.

    The package is checked as it is for serving before anything of it is loaded.
    """
    verify_checksums(folder)
    manifest = read_manifest(folder)
    members = manifest.predict.members
    if member >= members:
        raise TrainingRefused(f"{folder} has {members} members, from 0; [network.start] member = {member}")
    place = folders_of_members(folder / "model", members)[member]
    refuse_what_is_not_mathematics(place, manifest.io.signature)
    loaded = tf.saved_model.load(str(place))
    if not hasattr(loaded, "weights"):
        raise TrainingRefused(
            f"{folder} was not trained here, its weights have no order; give a .weights.h5 file"
        )
    return [np.asarray(value) for value in loaded.weights]


def _take(network: keras.Model, arrays: Arrays, new_head: bool) -> None:
    own = network.variables
    count = len(own) - HEAD if new_head else len(own)
    if len(arrays) != len(own) or any(
        mine.shape != given.shape for mine, given in zip(own[:count], arrays[:count], strict=True)
    ):
        raise TrainingRefused(
            f"the package's network is another: {_shape(arrays)}, here {_shape(own)}; "
            "give [network] the same measures, or new_head = true where the classes differ"
        )
    for mine, given in zip(own[:count], arrays[:count], strict=True):
        mine.assign(given)


def _load(network: keras.Model, path: Path) -> None:
    try:
        # Keras only warns where a layer finds nothing in the file and keeps its chance weights.
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            network.load_weights(path)
    except (ValueError, OSError, KeyError, UserWarning) as error:
        raise TrainingRefused(
            f"{path} does not hold the weights of this network ({type(error).__name__}); it takes the "
            ".weights.h5 file of one with the same measures"
        ) from error


def _freeze(network: keras.Model, start: Start) -> None:
    for part in start.freeze:
        _require_part(network, part)
        if start.unfreeze_from is not None:
            _require_layer(network, part, start.unfreeze_from)
    for part in start.freeze:
        freeze(network, part)
    if not network.trainable_variables:
        raise TrainingRefused(
            f"[network.start] freeze: of {', '.join(start.freeze)} nothing is left to learn; freeze less"
        )


def _require_part(network: keras.Model, part: str) -> None:
    try:
        freeze(network, part)
    except ValueError as error:
        raise TrainingRefused(f"[network.start] freeze: {error}") from None


def _require_layer(network: keras.Model, part: str, layer: str) -> None:
    """Unfrozen for a moment: a layer that is not in ``part`` would else be told at its epoch, after hours."""
    try:
        unfreeze(network, part, from_layer=layer)
    except ValueError as error:
        raise TrainingRefused(f"[network.start] unfreeze_from: {error}") from None


def _shape(arrays: Sequence[Any]) -> str:
    return f"{len(arrays)} arrays with {sum(int(np.prod(each.shape)) for each in arrays)} numbers"
