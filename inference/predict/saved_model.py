"""A SavedModel behind its named signature: arrays in, named arrays out."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.errors import PackageInvalid, PredictionFailed
from inference.package.prediction import Io
from inference.predict.inspection import refuse_what_is_not_mathematics
from inference.predict.signature import require_declared_signature

Answers = dict[str, npt.NDArray[Any]]


class SavedModel:
    """One network on the device that TensorFlow uses."""

    def __init__(self, *, loaded: Any, io: Io) -> None:
        # The signature holds its variables by weak references: without the loaded object they are gone.
        self._loaded = loaded
        self._signature = loaded.signatures[io.signature]
        specification = self._signature.structured_input_signature[1][io.input]
        self._shape, self._dtype = specification.shape, specification.dtype.as_numpy_dtype
        self._io = io

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """The lengths the network reads along each axis, None where it takes any."""
        return tuple(self._shape.as_list())

    def __call__(self, batch: npt.NDArray[np.float32]) -> Answers:
        """What the signature gives for (batch, …, 1) float32, by name; floats as float32.

        The network's own precision begins and ends here: the batch is cast to the dtype of its input. Raises
        PredictionFailed where the batch is not of the shape the network reads and where the device gives up, out
        of memory for instance.
        """
        # TensorFlow does not check this itself and may give an answer to a question nobody asked.
        if not self._shape.is_compatible_with(batch.shape):
            raise PredictionFailed(f"the network reads {self.input_shape}, the image is {batch.shape}")
        try:
            given = self._signature(**{self._io.input: tf.constant(batch.astype(self._dtype, copy=False))})
            return {name: _in_float32(tensor.numpy()) for name, tensor in given.items()}
        except (tf.errors.ResourceExhaustedError, MemoryError) as error:
            raise PredictionFailed(
                f"the network could not be run: {type(error).__name__}, the memory is not enough; it takes less "
                "with a smaller [predict] batch or patch, or with less other work on the device"
            ) from error
        except tf.errors.OpError as error:
            raise PredictionFailed(f"the network could not be run: {type(error).__name__}") from error


def load(folder: Path, io: Io) -> SavedModel:
    """Inspect, load and check a SavedModel; raises PackageInvalid with what is wrong with it."""
    refuse_what_is_not_mathematics(folder, io.signature)
    try:
        loaded = tf.saved_model.load(str(folder))
    except (tf.errors.OpError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackageInvalid(f"the SavedModel cannot be loaded: {type(error).__name__}") from error
    if io.signature not in loaded.signatures:
        raise PackageInvalid(f"the SavedModel has no callable signature '{io.signature}'")
    signature = loaded.signatures[io.signature]
    require_declared_signature(signature.structured_input_signature[1], signature.structured_outputs, io)
    return SavedModel(loaded=loaded, io=io)


def _in_float32(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    # bfloat16 is no float to numpy (its kind is V), so the question is asked the other way round.
    return values if values.dtype.kind in "iub" else values.astype(np.float32, copy=False)
