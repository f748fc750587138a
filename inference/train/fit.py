"""Training: a fixed number of steps an epoch, averaged weights, and the best of them by validation Dice."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.train.augment import augment
from inference.train.losses import dice, dice_and_cross_entropy

Plane = npt.NDArray[np.float32]
Pairs = Sequence[tuple[Plane, Plane]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long and how fast to train."""

    epochs: int = 32
    steps: int = 120
    batch: int = 4
    learning_rate: float = 1e-3
    averaging: float = 0.99
    """Momentum of the running mean of the weights; the mean is what is validated and kept."""
    seed: int = 0


def fit(network: keras.Model, training: Pairs, validation: Pairs, plan: Plan, weights: Path) -> float:
    """Train ``network`` in place; it ends with the best averaged weights, which also lie in ``weights``.

    ``weights`` is a path that ends in ``.weights.h5``. Returns the best mean validation Dice.
    """
    keras.utils.set_random_seed(plan.seed)
    step = _step(network, plan)
    batches = _batches(training, plan)
    mean = [np.array(value) for value in network.get_weights()]
    best = -1.0
    for epoch in range(plan.epochs):
        # A young mean would remember the random start: it grows old with the steps taken.
        loss = 0.0
        for index in range(plan.steps):
            loss += float(step(*next(batches))) / plan.steps
            _move_towards(mean, network, min(plan.averaging, (epoch * plan.steps + index) / 100))
        scores = _validate_mean(network, mean, validation)
        _say(
            f"epoch {epoch + 1}/{plan.epochs} loss {loss:.4f} dice {np.mean(scores):.4f} least {min(scores):.4f}"
        )
        if np.mean(scores) > best:
            best = float(np.mean(scores))
            _save_mean(network, mean, weights)
    network.load_weights(weights)
    return best


def _step(network: keras.Model, plan: Plan) -> tf.types.experimental.GenericFunction:
    total = plan.epochs * plan.steps
    rate = keras.optimizers.schedules.CosineDecay(
        1e-5, total, warmup_target=plan.learning_rate, warmup_steps=max(1, total // 20)
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4, global_clipnorm=1.0)
    optimizer.build(network.trainable_variables)

    def step(images: tf.Tensor, masks: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            output = network({"image": images}, training=True)["probabilities"]
            loss = dice_and_cross_entropy(masks, output)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    return tf.function(step)


def _batches(training: Pairs, plan: Plan) -> Iterator[tuple[Plane, Plane]]:
    """Endless batches (n, rows, columns, 1), the next one drawn while the last is learnt from."""
    rng = np.random.default_rng(plan.seed)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(_draw, training, plan.batch, rng)
        while True:
            ready, coming = coming.result(), pool.submit(_draw, training, plan.batch, rng)
            yield ready


def _draw(training: Pairs, count: int, rng: np.random.Generator) -> tuple[Plane, Plane]:
    chosen = [training[index] for index in rng.integers(0, len(training), count)]
    pairs = [augment(image, mask, rng) for image, mask in chosen]
    images, masks = (np.stack(planes)[..., None] for planes in zip(*pairs, strict=True))
    return images, masks


def _move_towards(mean: list[Plane], network: keras.Model, momentum: float) -> None:
    for old, new in zip(mean, network.weights, strict=True):
        old *= momentum
        old += (1.0 - momentum) * new.numpy()


def _validate_mean(network: keras.Model, mean: list[Plane], validation: Pairs) -> list[float]:
    learnt = network.get_weights()
    network.set_weights(mean)
    maps = [network({"image": image[None, ..., None]})["probabilities"] for image, _ in validation]
    network.set_weights(learnt)
    return [
        dice(probabilities.numpy()[0, ..., 0] >= 0.5, mask)
        for probabilities, (_, mask) in zip(maps, validation, strict=True)
    ]


def _save_mean(network: keras.Model, mean: list[Plane], weights: Path) -> None:
    learnt = network.get_weights()
    network.set_weights(mean)
    network.save_weights(weights)
    network.set_weights(learnt)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
