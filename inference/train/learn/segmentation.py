"""The lesson of segmentation: maps of probabilities are held against masks."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.predict.sliding_window import slide
from inference.predict.windows import tile
from inference.train.case import Example, Mask, Truth
from inference.train.evaluate.dice import dice

Loss = Callable[[Any, Any], Any]
Values = npt.NDArray[np.float32]


class SegmentationLesson:
    """See ``lesson.Lesson``. ``loss`` takes (targets, probabilities), both (n, …, channels), to a scalar."""

    def __init__(self, network: keras.Model, manifest: Manifest, loss: Loss) -> None:
        self.network = network
        self._channels = manifest.output.channels
        self._count = network.output["probabilities"].shape[-1]
        self._is_softmax = manifest.predict.activation == "softmax"
        self._patch = tuple(network.inputs[0].shape[1:-1])
        self._loss = loss
        self._answer = tf.function(lambda images: network({"image": images})["probabilities"])

    def targets(self, truths: Sequence[Truth]) -> tuple[npt.NDArray[Any], ...]:
        """One array (n, …, channels) float32 of 0 and 1; with softmax the background has what no segment has."""
        return (np.stack([self._channels_of(truth) for truth in truths]),)

    def loss(self, images: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """The recipe's loss of one batch, images (n, …, 1) float32."""
        return self._loss(targets[0], self.network({"image": images}, training=True)["probabilities"])

    def score(self, examples: Sequence[Example]) -> float:
        """The mean Dice over examples and segments, on the network's grid."""
        return float(np.mean([dice for example in examples for dice in self._dice(example)]))

    def answer(self, values: Values) -> Values:
        """The network on (rows, columns) or (slices, rows, columns), window by window if larger: (…, channels)."""
        if values.shape == self._patch:
            (found,) = self._run(values[np.newaxis, ..., np.newaxis])
        elif values.ndim == 2:
            (found,) = self._slide(values[np.newaxis])
        else:
            found = self._slide(values)
        return np.asarray(found, np.float32)

    def _channels_of(self, truth: Truth) -> npt.NDArray[np.float32]:
        if not isinstance(truth, Mask) or truth.segments.shape[-1] != len(self._channels):
            raise TrainingRefused(
                f"a segmentation learns from masks of its {len(self._channels)} segments; correct [data]"
            )
        target = np.zeros((*truth.segments.shape[:-1], self._count), np.float32)
        target[..., self._channels] = truth.segments
        free = sorted(set(range(self._count)) - set(self._channels))
        if self._is_softmax and free:
            target[..., free[0]] = 1 - truth.segments.max(axis=-1)
        return target

    def _dice(self, example: Example) -> list[float]:
        assert isinstance(example.truth, Mask)  # or there were no targets
        given = self.answer(example.values)
        decided = self._decided(given)
        return [
            dice(decided[..., number], example.truth.segments[..., number] > 0)
            for number in range(len(self._channels))
        ]

    def _decided(self, probabilities: Values) -> npt.NDArray[np.bool_]:
        if self._is_softmax:
            best = probabilities.argmax(axis=-1)
            return np.stack([best == channel for channel in self._channels], axis=-1)
        return probabilities[..., self._channels] >= 0.5

    def _run(self, batch: Values) -> Values:
        # A copy: blending writes into what a network gave, and TensorFlow hands out its own memory.
        return np.array(self._answer(tf.constant(batch)), np.float32)

    def _slide(self, values: Values) -> Values:
        patch = self._patch if len(self._patch) == 3 else (1, *self._patch)
        tiling = tile(values.shape, patch, overlap=0.25, blend="gaussian")
        found = np.empty((*values.shape, self._count), np.float32)

        def run(windows: Values) -> list[Values]:
            batch = windows if len(self._patch) == 3 else windows[:, 0]
            return [self._run(batch).reshape((*windows.shape[:-1], self._count))]

        def keep(first: int, layers: Sequence[Values]) -> None:
            found[first : first + len(layers[0])] = layers[0]

        slide(values, tiling, batch=1, pad_value=0.0, run=run, on_blended=keep)
        return found
