"""Training: a fixed number of steps an epoch, averaged weights, the best of them by the lesson's score.

A training that was killed goes on after its last whole epoch: nothing of an epoch depends on those before it but the
checkpoint, for the draws of each epoch begin from (seed, epoch), and TensorFlow's own from the seed.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
import keras

from inference.errors import TrainingRefused
from inference.train.batches import Batch
from inference.train.case import Example
from inference.train.learn.checkpoint import Checkpoint, Epoch, load_checkpoint, save_checkpoint
from inference.train.learn.curves import draw_curves
from inference.train.learn.learner import Learner
from inference.train.learn.lesson import Lesson
from inference.train.recipe.fit import FitTable
from inference.train.recipe.network import Start
from inference.zoo.freezing import unfreeze

Batches = Callable[[int], Iterator[Batch]]
"""Epoch, from 0, to its endless batches."""


@dataclass(frozen=True, kw_only=True)
class FitResult:
    """The best score, and the curve up to where the training ended."""

    best: float
    curve: tuple[Epoch, ...]


def fit(
    lesson: Lesson,
    batches: Batches,
    validation: Sequence[Example],
    plan: FitTable,
    folder: Path,
    *,
    seed: int = 0,
    key: str = "",
    start: Start | None = None,
) -> FitResult:
    """Teach ``lesson.network`` in place; it ends with the best averaged weights.

    ``folder`` takes checkpoint.npz and curves.png after every epoch. ``key`` names what is trained: where the folder
    holds the checkpoint of another, TrainingRefused. So it is, at once, where a loss is no number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = load_checkpoint(folder, key)
    learner = _learner(lesson, plan, start or Start(), done)
    while not _is_over(done, plan):
        epoch = len(done.curve) if done else 0
        if start is not None and start.unfreeze_at_epoch == epoch + 1:
            _unfreeze(learner, start)
        with closing(batches(epoch)) as drawn:  # type: ignore[type-var]
            loss = _teach(learner, drawn, epoch, seed)
        done = _judged(learner, validation, loss, done, key)
        save_checkpoint(folder, done)
        draw_curves(folder / "curves.png", done.curve)
        _say(epoch, plan, done)
    assert done is not None  # there is at least one epoch
    lesson.network.set_weights(done.best)
    return FitResult(best=done.curve[done.best_epoch].score, curve=done.curve)


def _learner(lesson: Lesson, plan: FitTable, start: Start, done: Checkpoint | None) -> Learner:
    """What lies in a checkpoint fits the weights that learnt when it was written."""
    learner = Learner(lesson, plan)
    if done is not None:
        if start.unfreeze_at_epoch is not None and len(done.curve) >= start.unfreeze_at_epoch:
            _unfreeze(learner, start)
        learner.restore(done.state)
    return learner


def _unfreeze(learner: Learner, start: Start) -> None:
    for part in start.freeze:
        unfreeze(learner.lesson.network, part, from_layer=start.unfreeze_from)
    learner.rebuild()


def _is_over(done: Checkpoint | None, plan: FitTable) -> bool:
    if done is None:
        return False
    since = len(done.curve) - 1 - done.best_epoch
    return len(done.curve) >= plan.epochs or (plan.patience is not None and since >= plan.patience)


def _teach(learner: Learner, drawn: Iterator[Batch], epoch: int, seed: int) -> float:
    """The mean loss of one epoch."""
    # TensorFlow bakes its seed into a traced step and begins its draws anew here: the same in every epoch, on other
    # images. Were it the epoch's own seed, a run begun again would trace with another one than the run before it.
    keras.utils.set_random_seed(seed)
    steps = learner.plan.steps
    label = f"epoch {epoch + 1}/{learner.plan.epochs}"
    losses = []
    with click.progressbar(
        range(steps), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as numbers:
        for number in numbers:
            batch = next(drawn)
            losses.append(learner.step(batch.images, learner.lesson.targets(batch.truths)))
            _require_number(losses[-1], epoch, number)
    return sum(losses) / steps


def _require_number(loss: float, epoch: int, number: int) -> None:
    if not math.isfinite(loss):
        raise TrainingRefused(
            f"the loss is {loss} in epoch {epoch + 1}, batch {number + 1}: nothing can be learnt from here. Lower "
            "[fit] learning_rate; if it happens in the first batches, look for values in the data that are no numbers"
        )


def _judged(
    learner: Learner, validation: Sequence[Example], loss: float, done: Checkpoint | None, key: str
) -> Checkpoint:
    with learner.averaged():
        score = learner.lesson.score(validation)
    if not math.isfinite(score):
        raise TrainingRefused(f"the score on the validation inputs is {score}; look at their labels")
    before = done.curve if done else ()
    is_best = all(score > epoch.score for epoch in before)
    return Checkpoint(
        key=key,
        curve=(*before, Epoch(loss=loss, score=score)),
        state=learner.state(),
        best=tuple(learner.mean) if is_best or done is None else done.best,
    )


def _say(epoch: int, plan: FitTable, done: Checkpoint) -> None:
    last, best = done.curve[-1], done.curve[done.best_epoch]
    click.echo(
        f"epoch {epoch + 1}/{plan.epochs} loss {last.loss:.4f} score {last.score:.4f} best {best.score:.4f}"
    )
