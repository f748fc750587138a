"""The network as a SavedModel that serves through one named signature and holds nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.prediction import Io

UNNAMED = "probabilities"
"""The output of a network that gives one tensor without a name."""


def export(network: keras.Model, folder: Path, io: Io) -> None:
    """Write ``network`` to ``folder`` with the signature ``io`` names: weights and graph, no optimiser, no assets.

    Raises PackageInvalid where the network has not the one input and the outputs that ``io`` names.
    """
    write(
        network,
        folder,
        signature=io.signature,
        input_name=io.input,
        dtype=io.input_dtype,
        outputs=_outputs(io),
    )


def write(
    network: keras.Model,
    folder: Path,
    *,
    signature: str,
    input_name: str,
    dtype: str,
    outputs: list[str] | None,
) -> None:
    """As ``export``; ``outputs`` None means those that the network has."""
    if len(network.inputs) != 1:
        raise PackageInvalid(f"the network has {len(network.inputs)} inputs; a package's network has one")
    shape = (None, *network.inputs[0].shape[1:])
    specification = tf.TensorSpec(shape, tf.as_dtype(dtype), name=input_name)

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        given = keras.tree.map_structure(lambda _: image, network.input)
        return _named(network(given, training=False), outputs)

    # Keras' own export would add its bookkeeping; a bare module holds the variables and this one function.
    module = tf.Module()
    module.weights = [variable.value for variable in network.variables]
    module.serve = tf.function(serve, input_signature=[specification])
    tf.saved_model.save(module, str(folder), signatures={signature: module.serve})
    # TensorFlow leaves an empty folder here; a package lists files, and git keeps no empty folder.
    (folder / "assets").rmdir()


def _outputs(io: Io) -> list[str]:
    if io.detection is None:
        return [io.output]
    roles = io.detection
    names = (roles.boxes, roles.scores, roles.classes, roles.count, roles.masks)
    return [name for name in names if name is not None]


def _named(given: Any, outputs: list[str] | None) -> dict[str, tf.Tensor]:
    found = dict(given) if isinstance(given, Mapping) else dict.fromkeys([(outputs or [UNNAMED])[0]], given)
    if isinstance(given, list | tuple):
        raise PackageInvalid(
            "the network gives several outputs without names; build it with a dict of outputs"
        )
    wanted = outputs or list(found)
    if len(found) == 1 and len(wanted) == 1:
        return {wanted[0]: tf.identity(next(iter(found.values())))}
    missing = [name for name in wanted if name not in found]
    if missing:
        raise PackageInvalid(f"the network has no output {missing[0]!r}; it has {', '.join(sorted(found))}")
    return {name: tf.identity(found[name]) for name in wanted}
