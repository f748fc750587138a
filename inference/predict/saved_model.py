"""A SavedModel behind its named signature."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.errors import PackageInvalid, PredictionFailed
from inference.package.prediction import Io
from inference.predict.device import prepare_device
from inference.predict.inspection import refuse_what_is_not_mathematics


class SavedModel:
    """One network on one device, called an image at a time."""

    def __init__(self, *, loaded: Any, io: Io) -> None:
        # The signature holds its variables by weak references: without the loaded object they are gone.
        self._loaded = loaded
        self._signature = loaded.signatures[io.signature]
        self._shape = self._signature.structured_input_signature[1][io.input].shape
        self._io = io

    def __call__(self, image: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Probabilities (rows, columns, channels) float32 for an image (rows, columns) float32.

        Raises PredictionFailed where the image is not of the size the network reads, where the device gives
        up, out of memory for instance, and where the network gives a value that is no number.
        """
        batch = tf.constant(image[np.newaxis, :, :, np.newaxis], tf.float32)
        # TensorFlow does not check this itself and may give an answer to a question nobody asked.
        if not self._shape.is_compatible_with(batch.shape):
            raise PredictionFailed(f"the network reads {self._shape}, the image is {batch.shape}")
        try:
            maps = self._signature(**{self._io.input: batch})[self._io.output].numpy()[0]
        except tf.errors.OpError as error:
            raise PredictionFailed(f"the network could not be run: {type(error).__name__}") from error
        if not np.isfinite(maps).all():
            raise PredictionFailed("the network gave values that are no numbers")
        return np.asarray(maps, np.float32)


def load(folder: Path, io: Io) -> SavedModel:
    """Inspect, load and check a SavedModel; raises PackageInvalid with what is wrong with it."""
    refuse_what_is_not_mathematics(folder, io.signature)
    prepare_device()
    try:
        loaded = tf.saved_model.load(str(folder))
    except (tf.errors.OpError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackageInvalid(f"the SavedModel cannot be loaded: {type(error).__name__}") from error
    if io.signature not in loaded.signatures:
        raise PackageInvalid(f"the SavedModel has no callable signature '{io.signature}'")
    _require_declared_signature(loaded.signatures[io.signature], io)
    return SavedModel(loaded=loaded, io=io)


def _require_declared_signature(signature: Any, io: Io) -> None:
    inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
    _require_tensor("input", inputs, io.input, io.input_dtype, io.input_rank)
    _require_tensor("output", outputs, io.output, io.output_dtype, io.output_rank)
    if (io.input_rank, io.output_rank) != (4, 4):
        raise PackageInvalid(
            "[io] a 2-D network reads and gives tensors of rank 4: batch, rows, columns, channels"
        )


def _require_tensor(what: str, tensors: dict[str, Any], name: str, dtype: str, rank: int) -> None:
    if set(tensors) != {name}:
        raise PackageInvalid(f"[io] {what} is '{name}', but the SavedModel has {', '.join(sorted(tensors))}")
    found = tensors[name]
    if found.dtype.name != dtype or found.shape.rank != rank:
        raise PackageInvalid(
            f"[io] {what} '{name}' is {dtype} of rank {rank}, but the SavedModel's is {found.dtype.name} {found.shape}"
        )
