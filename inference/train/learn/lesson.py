"""What every task's teaching is made of; ``fit`` knows no more than this."""

from collections.abc import Sequence
from typing import Any, Protocol

import keras
import numpy.typing as npt
import tensorflow as tf

from inference.train.case import Example, Truth


class Lesson(Protocol):
    """How one task is taught."""

    network: keras.Model
    """What is trained and exported."""

    def targets(self, truths: Sequence[Truth]) -> tuple[npt.NDArray[Any], ...]:
        """The truths of one batch as arrays of fixed shapes and dtypes, so that the step is traced once."""
        ...

    def loss(self, images: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """The scalar to minimise for images (n, …, 1) float32, with the network in training."""
        ...

    def score(self, examples: Sequence[Example]) -> float:
        """How good the network is on examples that it does not learn from; larger is better."""
        ...
