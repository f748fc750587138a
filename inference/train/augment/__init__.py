"""One labelled input becomes many: it is moved with its truth, then its look is changed."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from inference.train.augment.annotations import annotations
from inference.train.augment.blur import blur
from inference.train.augment.borders import borders
from inference.train.augment.contrast import contrast
from inference.train.augment.edges import edges
from inference.train.augment.elastic import elastic
from inference.train.augment.flip import flip
from inference.train.augment.gamma import gamma
from inference.train.augment.lines import lines
from inference.train.augment.look import Look, as_unit, from_unit
from inference.train.augment.low_dose import low_dose
from inference.train.augment.motion import Motion
from inference.train.augment.move import move
from inference.train.augment.noise import noise
from inference.train.augment.opacities import opacities
from inference.train.augment.rotate import rotate
from inference.train.augment.scale import scale
from inference.train.augment.shade import shade
from inference.train.augment.shift import shift
from inference.train.augment.stretch import stretch
from inference.train.augment.tables import AnyMovement, AugmentStep, Borders
from inference.train.case import Example

MOVEMENTS: dict[str, Callable[[Any, tuple[int, ...], np.random.Generator], Motion]] = {
    "flip": flip,
    "rotate": rotate,
    "scale": scale,
    "stretch": stretch,
    "shift": shift,
    "elastic": elastic,
}
LOOKS: dict[str, Look] = {
    "gamma": gamma,
    "contrast": contrast,
    "noise": noise,
    "low_dose": low_dose,
    "blur": blur,
    "shade": shade,
    "edges": edges,
    "opacities": opacities,
    "lines": lines,
    "annotations": annotations,
}


def augment(example: Example, steps: Sequence[AugmentStep], rng: np.random.Generator) -> Example:
    """``example`` after the steps that chance takes; ``example`` itself stays as it is.

    The movements come first, in their order and interpolated once; then the changes of look, in theirs. These see the
    values between their least and their largest as 0..1. Raises TrainingRefused for a step that the input's number of
    dimensions does not allow.
    """
    taken = [step for step in steps if rng.random() < step.chance]
    movements = [step for step in taken if isinstance(step, AnyMovement)]
    looks = [step for step in taken if not isinstance(step, AnyMovement)]
    return _change_look(_move(example, movements, rng), looks, rng)


def _move(example: Example, steps: Sequence[AnyMovement], rng: np.random.Generator) -> Example:
    if not steps:
        return example
    motions = [MOVEMENTS[step.step](step, example.values.shape, rng) for step in steps]
    outside = steps[0].outside[rng.integers(len(steps[0].outside))]
    return move(example, reduce(lambda first, then: then.after(first), motions), outside)


def _change_look(example: Example, steps: Sequence[AugmentStep], rng: np.random.Generator) -> Example:
    if not steps:
        return example
    (values, least, extent), truth = as_unit(example.values), example.truth
    for step in steps:
        if isinstance(step, Borders):
            values, truth = borders(values, truth, step, rng)
        else:
            values = np.clip(LOOKS[step.step](values, step, rng), 0.0, 1.0)
    return Example(values=from_unit(values, least, extent), truth=truth, group=example.group)
