"""Segments of a few pixels: a loss of overlap against one of pixels, which nearly all are background."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from inference.train.batches import Drawing
from inference.train.case import Example, Mask, Truth
from inference.train.evaluate.dice import dice
from inference.train.losses.loss import Loss, loss_of
from inference.train.losses.tables import CrossEntropyTable, DiceTable, LossTable, TverskyTable
from inference.train.sampling.tables import SamplingTable
from inference.zoo.unet import unet
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.teaching import teach

SIDE, LEARNT, NEW, STEPS = 32, 24, 40, 160


class MaskLesson:
    """Masks of one segment."""

    def __init__(self, network: keras.Model, loss: Loss) -> None:
        self.network = network
        self._loss = loss

    def targets(self, truths: Sequence[Truth]) -> tuple[npt.NDArray[Any], ...]:
        """(n, rows, columns, 1) float32."""
        return (np.stack([truth.segments for truth in truths if isinstance(truth, Mask)]).astype(np.float32),)

    def loss(self, images: Any, *targets: Any) -> Any:
        """Of one batch."""
        return self._loss(targets[0], self.network({"image": images}, training=True)["probabilities"])

    def score(self, examples: Sequence[Example]) -> float:
        """The mean Dice."""
        images = np.stack([example.values for example in examples])[..., None]
        given = np.asarray(self.network({"image": images})["probabilities"])[..., 0] >= 0.5
        truths = self.targets([example.truth for example in examples])[0][..., 0] > 0
        return float(np.mean([dice(found, truth) for found, truth in zip(given, truths, strict=True)]))


def _example(rng: np.random.Generator) -> Example:
    """A spot of about a dozen pixels in noise."""
    row, column = (np.arange(SIDE) - rng.uniform(4, SIDE - 4) for _ in range(2))
    spot = np.hypot(row[:, None], column[None]) < rng.uniform(1.6, 2.4)
    values = 0.3 + 0.5 * spot + rng.normal(0.0, 0.15, (SIDE, SIDE))
    return Example(values=values.astype(np.float32), truth=Mask(segments=spot[..., None].astype(np.uint8)))


def _taught(loss: LossTable, seed: int) -> float:
    rng = np.random.default_rng([seed, 5])
    learnt, new = ([_example(rng) for _ in range(count)] for count in (LEARNT, NEW))
    keras.utils.set_random_seed(seed)
    lesson = MaskLesson(unet(rows=SIDE, columns=SIDE, base=4, depth=2), loss_of(loss))
    teach(lesson, learnt, Drawing(sampling=SamplingTable(batch=8)), steps=STEPS, seed=seed)
    return lesson.score(new)


def _method(name: str, loss: LossTable) -> Method:
    return Method(
        name=name,
        plain="plain cross-entropy",
        measure="mean Dice of spots of a dozen pixels",
        budget=f"{LEARNT} pictures, {STEPS} steps",
        score=lambda seed: (_taught(loss, seed), _taught(CrossEntropyTable(kind="cross_entropy"), seed)),
    )


DICE = _method("Dice loss", DiceTable(kind="dice"))
TVERSKY = _method("Tversky loss", TverskyTable(kind="tversky"))
