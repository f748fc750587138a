"""Plain mathematics as a layer: what lies between the layers that learn."""

from collections.abc import Callable, Sequence
from typing import Any

import keras


class Step(keras.layers.Layer):  # type: ignore[misc] # Keras has no types
    """``function(*given)`` in a graph. Keras' Lambda would do, but it takes every output for a float.

    In float32 whatever the policy: half a float cannot tell the pixels of a large image apart. A network with it
    cannot be written as a .keras file, as none with code of its own can; its weights can, and a SavedModel.
    """

    def __init__(self, function: Callable[..., Any], *, name: str) -> None:
        super().__init__(name=name, dtype="float32")
        self._function = function

    def call(self, given: Sequence[Any]) -> Any:
        """What the function makes of the tensors ``given``: a tensor, or a dict of tensors."""
        return self._function(*given)
