"""A small network taught for so many steps, by the product's own lesson, learner, losses and batches."""

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from inference.train.augment.tables import AugmentStep, MixTable
from inference.train.batches import Drawing, batches
from inference.train.case import Class, Example
from inference.train.learn.classification import ClassificationLesson
from inference.train.learn.learner import Learner
from inference.train.learn.lesson import Lesson
from inference.train.losses.loss import loss_of
from inference.train.losses.tables import CrossEntropyTable, LossTable
from inference.train.recipe.fit import FitTable
from inference.train.sampling.tables import SamplingTable
from inference.zoo.cnn import cnn
from tests.benchmarks.train.methods.shapes import SIDE

Scores = npt.NDArray[np.float32]
PLAIN = CrossEntropyTable(kind="cross_entropy")
BATCH = 16


def new_network(classes: int, seed: int) -> keras.Model:
    """The zoo's plain network for these pictures, from the start that ``seed`` gives."""
    keras.utils.set_random_seed(seed)
    return cnn(rows=SIDE, columns=SIDE, channels=1, classes=classes)


def teach_classes(
    network: keras.Model,
    examples: Sequence[Example],
    *,
    steps: int,
    seed: int,
    loss: LossTable = PLAIN,
    augment: tuple[AugmentStep, ...] = (),
    mix: MixTable | None = None,
    sampling: SamplingTable | None = None,
) -> keras.Model:
    """``network``, which has learnt from so many batches."""
    lesson = ClassificationLesson(network, loss_of(loss, exclusive=True))
    drawing = Drawing(sampling=sampling or SamplingTable(batch=BATCH), augment=augment, mix=mix)
    return teach(lesson, examples, drawing, steps=steps, seed=seed)


def teach(
    lesson: Lesson, examples: Sequence[Example], drawing: Drawing, *, steps: int, seed: int
) -> keras.Model:
    """The lesson's network with the running mean of its weights after so many steps."""
    learner = Learner(lesson, FitTable(epochs=1, steps=steps, learning_rate=2e-3, averaging=0.9))
    with closing(batches(examples, drawing, seed, 0)) as drawn:  # type: ignore[type-var]
        for batch in islice(drawn, steps):
            learner.step(batch.images, lesson.targets(batch.truths))
    lesson.network.set_weights(learner.mean)
    return lesson.network


def probabilities(network: keras.Model, examples: Sequence[Example]) -> Scores:
    """(examples, classes)."""
    images = np.stack([example.values for example in examples])[..., None]
    return np.array(network({"image": images})["probabilities"], np.float32)


def classes_of(examples: Sequence[Example]) -> npt.NDArray[Any]:
    """(examples,): the number of the true class."""
    return np.array(
        [example.truth.shares.argmax() for example in examples if isinstance(example.truth, Class)]
    )


def accuracy(given: Scores, examples: Sequence[Example]) -> float:
    """The share of each class that is called so, the mean over the classes: a rare one counts as much."""
    truth, called = classes_of(examples), given.argmax(axis=1)
    return float(np.mean([(called[truth == number] == number).mean() for number in np.unique(truth)]))


def log_likelihood(given: Scores, examples: Sequence[Example]) -> float:
    """The mean of the logarithm of what the true class was given; 0 is the most there is."""
    chosen = given[np.arange(len(given)), classes_of(examples)]
    return float(np.log(np.clip(chosen, 1e-6, 1.0)).mean())
