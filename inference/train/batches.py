"""What the network is fed: batches drawn ahead of it, the same for the same seed whatever the machine."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.train.augment import augment
from inference.train.augment.mix import mix
from inference.train.augment.tables import AugmentStep, MixTable
from inference.train.case import Example, Truth
from inference.train.sampling.indices import balanced, uniform
from inference.train.sampling.patches import cut_patch
from inference.train.sampling.tables import SamplingTable
from inference.train.truths import require_every_class

AHEAD = 3
"""Batches that are drawn before they are asked for: enough for a slow one not to be waited for."""

Change = Callable[[Example, np.random.Generator], Example]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """``images``: (n, rows, columns, 1) or (n, slices, rows, columns, 1) float32; ``truths``: one for each."""

    images: npt.NDArray[np.float32]
    truths: tuple[Truth, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How batches are drawn. ``change``: in place of ``augment``, such as an image synthesised from labels.

    ``names``: what [data] calls each class or segment, of which every one must be in an example.
    """

    sampling: SamplingTable
    augment: tuple[AugmentStep, ...] = ()
    mix: MixTable | None = None
    change: Change | None = None
    names: tuple[str, ...] = ()
    threads: int = max(1, min(4, (os.cpu_count() or 2) - 1))


def batches(examples: Sequence[Example], drawing: Drawing, seed: int, epoch: int) -> Iterator[Batch]:
    """Endless batches of one epoch, which ``seed`` and ``epoch`` decide and nothing else.

    So a killed run goes on with the batches it would have had. They are drawn in threads, ahead of the caller.
    Raises TrainingRefused where there is no example, a class or segment is in none, or images of a batch differ in
    size.
    """
    if not examples:
        raise TrainingRefused("there is no example to learn from; the split left none for training")
    if drawing.change is None:
        require_every_class(examples, drawing.names)
    kinds = {"uniform": uniform, "balanced": balanced}
    numbers = kinds[drawing.sampling.kind](examples, np.random.default_rng([seed, epoch]))
    with ThreadPoolExecutor(drawing.threads) as pool:
        coming: deque[Future[Batch]] = deque()
        try:
            for count, chosen in enumerate(_chunks(numbers, drawing.sampling.batch)):
                drawn = [examples[number] for number in chosen]
                coming.append(pool.submit(_draw, drawn, drawing, np.random.default_rng([seed, epoch, count])))
                if len(coming) >= AHEAD + drawing.threads:
                    yield coming.popleft().result()
        finally:
            for future in coming:
                future.cancel()


def _chunks(numbers: Iterator[int], size: int) -> Iterator[tuple[int, ...]]:
    while True:
        yield tuple(islice(numbers, size))


def _draw(chosen: Sequence[Example], drawing: Drawing, rng: np.random.Generator) -> Batch:
    changed = [_changed(example, drawing, rng) for example in chosen]
    shapes = {example.values.shape for example in changed}
    if len(shapes) > 1:
        raise TrainingRefused(
            f"images of one batch have different sizes ({sorted(shapes)}); resize or pad in [[preprocess]] of "
            "model.toml, or give [sampling.patches]"
        )
    batch = Batch(
        images=np.stack([example.values for example in changed])[..., None],
        truths=tuple(example.truth for example in changed),
    )
    if drawing.mix is None or rng.random() >= drawing.mix.chance:
        return batch
    images, truths = mix(batch.images, batch.truths, drawing.mix, rng)
    return Batch(images=images, truths=truths)


def _changed(example: Example, drawing: Drawing, rng: np.random.Generator) -> Example:
    if drawing.sampling.patches is not None:
        example = cut_patch(example, drawing.sampling.patches, rng)
    if drawing.change is not None:
        return drawing.change(example, rng)
    return augment(example, drawing.augment, rng)
