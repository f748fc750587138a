"""The lesson of classification: probabilities of classes are held against shares of classes."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.errors import TrainingRefused
from inference.train.case import Class, Example, Truth

Loss = Callable[[Any, Any], Any]
Values = npt.NDArray[np.float32]

LEAST_PROBABILITY = 1e-6
"""One example that is surely wrong shall not outweigh all others."""


class ClassificationLesson:
    """See ``lesson.Lesson``. ``loss`` takes (targets, probabilities), both (n, classes), to a scalar."""

    def __init__(self, network: keras.Model, loss: Loss) -> None:
        self.network = network
        self._classes = network.output["probabilities"].shape[-1]
        self._loss = loss
        self._answer = tf.function(lambda images: network({"image": images})["probabilities"])

    def targets(self, truths: Sequence[Truth]) -> tuple[npt.NDArray[Any], ...]:
        """One array (n, classes) float32 of shares that sum to 1."""
        return (np.stack([self._shares(truth) for truth in truths]),)

    def loss(self, images: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """The recipe's loss of one batch, images (n, …, 1) float32."""
        return self._loss(targets[0], self.network({"image": images}, training=True)["probabilities"])

    def score(self, examples: Sequence[Example]) -> float:
        """Minus the cross-entropy, the mean of each class's mean: a rare class counts as much as a common one.

        Unlike an area under the curve it still moves where the order is perfect, which on few examples is soon.
        """
        truths = self.targets([example.truth for example in examples])[0]
        given = np.stack([self.answer(example.values) for example in examples])
        logs = np.log(np.clip(np.stack([given, 1 - given]), LEAST_PROBABILITY, 1.0))
        each = -(truths * logs[0] + (1 - truths) * logs[1]).sum(axis=-1)
        # Of a single class it is there or not; of several the likeliest is meant.
        classes = truths.argmax(axis=-1) if self._classes > 1 else np.rint(truths[:, 0])
        return -float(np.mean([each[classes == kind].mean() for kind in np.unique(classes)]))

    def answer(self, values: Values) -> Values:
        """(rows, columns) or (slices, rows, columns) to (classes,)."""
        (answer,) = np.asarray(self._answer(tf.constant(values[np.newaxis, ..., np.newaxis])), np.float32)
        return np.asarray(answer)

    def _shares(self, truth: Truth) -> npt.NDArray[np.float32]:
        if not isinstance(truth, Class) or len(truth.shares) != self._classes:
            raise TrainingRefused(
                f"a classification learns from shares of its {self._classes} classes; correct [data]"
            )
        return truth.shares.astype(np.float32)
