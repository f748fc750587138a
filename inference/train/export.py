"""The network as a SavedModel that serves through one named signature and holds nothing else."""

from pathlib import Path

import keras
import tensorflow as tf

from inference.package.prediction import Io


def export(network: keras.Model, folder: Path, io: Io) -> None:
    """Write ``network`` to ``folder`` with the signature ``io`` names: weights and graph, no optimiser, no assets."""
    specification = tf.TensorSpec((None, *network.inputs[0].shape[1:]), tf.float32, name=io.input)

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        return {io.output: network({"image": image}, training=False)["probabilities"]}

    # Keras' own export would add its bookkeeping; a bare module holds the variables and this one function.
    module = tf.Module()
    module.weights = [variable.value for variable in network.variables]
    module.serve = tf.function(serve, input_signature=[specification])
    tf.saved_model.save(module, str(folder), signatures={io.signature: module.serve})
    # TensorFlow leaves an empty folder here; a package lists files, and git keeps no empty folder.
    (folder / "assets").rmdir()
