"""What several stations ask of a truth."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from inference.errors import TrainingRefused
from inference.train.case import Boxes, Class, Example, Truth

SMALLEST_SIDE = 1.0
"""Pixels; of a box that the image's edge leaves less of, nothing is to be found."""


def cut_to_image(truth: Boxes, shape: tuple[int, ...], least_share: float = 0.0) -> Boxes:
    """Boxes cut to the image of ``shape``, without those of which less than ``least_share`` is left."""
    cut = np.clip(truth.boxes, 0.0, np.tile(np.array(shape, np.float32), 2))
    sides, before = cut[:, 2:] - cut[:, :2], truth.boxes[:, 2:] - truth.boxes[:, :2]
    kept = (sides >= SMALLEST_SIDE).all(axis=1) & (sides.prod(axis=1) >= least_share * before.prod(axis=1))
    return Boxes(
        boxes=cut[kept].astype(np.float32),
        classes=truth.classes[kept],
        masks=None if truth.masks is None else truth.masks[kept],
    )


def classes_in(truth: Truth) -> tuple[int, ...]:
    """The numbers of the classes or segments that are there, in order."""
    if isinstance(truth, Class):
        return tuple(np.flatnonzero(truth.shares).tolist())
    if isinstance(truth, Boxes):
        return tuple(np.unique(truth.classes).tolist())
    axes = tuple(range(truth.segments.ndim - 1))
    return tuple(np.flatnonzero(truth.segments.any(axis=axes)).tolist())


def group_of(truth: Truth, facts: Mapping[str, str], by: str) -> str:
    """The group for balanced sampling: the classes that are there, or a fact. Raises TrainingRefused."""
    if not by:
        return ""
    if by == "class":
        return " ".join(map(str, classes_in(truth)))
    if by not in facts:
        raise TrainingRefused(f"the data has no fact '{by}' to balance by; name it in [data] facts")
    return facts[by]


def require_every_class(examples: Sequence[Example], names: Sequence[str] = ()) -> None:
    """Raises TrainingRefused where a class or segment is in no example: of it nothing can be learnt.

    ``names``: what [data] calls each, in its order. Without them the truths say how many there should be, and of boxes
    none does.
    """
    asked = max((_classes_asked(example.truth) for example in examples), default=0)
    numbered = [
        f"class or segment {number} (counted from 0, in the order of [data])" for number in range(asked)
    ]
    require_present(
        {number for example in examples for number in classes_in(example.truth)}, names or numbered
    )


def require_present(present: Collection[int], names: Sequence[str]) -> None:
    """Raises TrainingRefused, with those of ``names`` whose number, from 0, is not among ``present``."""
    empty = [name for number, name in enumerate(names) if number not in present]
    if empty:
        raise TrainingRefused(
            f"no training case has anything of {', '.join(empty)}; label some, correct [data], split otherwise, or "
            "take it out of recipe.toml and model.toml"
        )


def _classes_asked(truth: Truth) -> int:
    if isinstance(truth, Class):
        return len(truth.shares)
    return 0 if isinstance(truth, Boxes) else truth.segments.shape[-1]
