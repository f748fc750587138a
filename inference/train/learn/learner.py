"""A network on its way: the one traced step that moves it, its optimiser, and the running mean of its weights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.train.learn.lesson import Lesson
from inference.train.recipe.fit import FitTable

Arrays = dict[str, npt.NDArray[Any]]

YOUNG_STEPS = 100
"""A young mean would remember the random start: its momentum grows with the steps taken, over so many."""


class Learner:
    """What ``fit`` moves, keeps and restores. Built for the weights that may learn now: see ``rebuilt``."""

    def __init__(self, lesson: Lesson, plan: FitTable) -> None:
        self.lesson, self.plan = lesson, plan
        self._mean = [tf.Variable(value, trainable=False) for value in lesson.network.get_weights()]
        self._taken = tf.Variable(0, trainable=False, dtype=tf.int64)
        self.rebuild()

    def rebuild(self) -> None:
        """A new optimiser and a new traced step, for after other weights may learn; mean and steps taken stay."""
        total = self.plan.epochs * self.plan.steps
        self._rate = _rate(self.plan, total)
        self._optimizer = keras.optimizers.AdamW(
            self.plan.learning_rate, weight_decay=self.plan.weight_decay, global_clipnorm=self.plan.clip_norm
        )
        self._optimizer.build(self.lesson.network.trainable_variables)
        self._step = tf.function(self._move)

    def step(self, images: npt.NDArray[np.float32], targets: Sequence[npt.NDArray[Any]]) -> float:
        """Learn from one batch; returns its loss, which was computed before the weights moved."""
        return float(self._step(tf.constant(images), *(tf.constant(each) for each in targets)))

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The network with the running mean of its weights, for as long as the block lasts."""
        learnt = self.lesson.network.get_weights()
        self.lesson.network.set_weights(self.mean)
        yield
        self.lesson.network.set_weights(learnt)

    @property
    def mean(self) -> list[npt.NDArray[Any]]:
        """The running mean of the weights, in the network's order."""
        return [value.numpy() for value in self._mean]

    def state(self) -> Arrays:
        """Everything a killed training needs to go on: weights, optimiser, mean, the layers' own chance, steps."""
        return {name: np.asarray(variable) for name, variable in self._variables()}

    def restore(self, arrays: Arrays) -> None:
        """Go back to a ``state`` of the same network with the same weights learning."""
        for name, variable in self._variables():
            variable.assign(arrays[name])

    def _variables(self) -> Iterator[tuple[str, Any]]:
        groups = {
            "network": self.lesson.network.variables,
            "optimizer": self._optimizer.variables,
            "mean": self._mean,
            "taken": [self._taken],
        }
        for group, variables in groups.items():
            yield from ((f"{group}/{number}", variable) for number, variable in enumerate(variables))

    def _move(self, images: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        network = self.lesson.network
        with tf.GradientTape() as tape:
            loss = self.lesson.loss(images, *targets)
        gradients = tape.gradient(loss, network.trainable_variables)
        self._optimizer.learning_rate.assign(self._rate(self._taken))
        self._optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        young = tf.cast(self._taken, tf.float32) / YOUNG_STEPS
        momentum = tf.minimum(self.plan.averaging, young)
        for mean, new in zip(self._mean, network.weights, strict=True):
            value = tf.convert_to_tensor(new.value)
            share = tf.cast(momentum, value.dtype)
            mean.assign(share * mean + (1 - share) * value)
        self._taken.assign_add(1)
        return loss


def _rate(plan: FitTable, total: int) -> Any:
    warm = int(plan.warm_up * total)
    if warm == 0:
        return keras.optimizers.schedules.CosineDecay(plan.learning_rate, total)
    # The steps of the decay are those after the warm-up, so that the rate reaches 0 with the last one.
    return keras.optimizers.schedules.CosineDecay(
        plan.learning_rate / 100, max(1, total - warm), warmup_target=plan.learning_rate, warmup_steps=warm
    )
