"""Detections: which true boxes were found, what was found beside them, and how well masks cover."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from inference.encode.box_masks import paste
from inference.package.output import Box
from inference.postprocess.detections import Detections
from inference.train.case import Boxes
from inference.train.evaluate.dice import dice
from inference.train.evaluate.evaluation import Indices, Measure
from inference.train.evaluate.names import figure_name
from inference.train.evaluate.observed import Marked
from inference.train.evaluate.overlap import Pairs, pair


def marked(found: Detections, truth: Boxes, shape: tuple[int, ...], at_least: float) -> Marked:
    """Pair what was found with what is there, on the source's grid of ``shape`` (rows, columns)."""
    pairs = pair(truth.boxes, truth.classes, found.boxes, found.classes, at_least=at_least)
    overlaps = np.zeros(len(truth.boxes))
    for number, _, overlap in pairs:
        overlaps[number] = overlap
    return Marked(
        classes=truth.classes.astype(np.int64),
        overlaps=overlaps,
        too_many=len(found.boxes) - len(pairs),
        dice=_dice(found, truth, pairs, shape),
    )


def measures(seen: Sequence[Marked], boxes: Sequence[Box]) -> tuple[Measure, ...]:
    """Recall, of each class too; precision; the mean overlap of what was found; with masks their Dice."""
    found = [
        Measure(name="recall", words="recall", of=partial(_recall, seen, None), is_main=True),
        Measure(name="precision", words="precision", of=partial(_precision, seen)),
        Measure(
            name="overlap_mean",
            words="mean intersection over union of boxes found",
            of=partial(_overlap, seen),
        ),
    ]
    found += [
        Measure(
            name=f"{figure_name(box.label)}_recall",
            words=f"recall of {box.label}",
            of=partial(_recall, seen, box.class_id),
        )
        for box in boxes
    ]
    if all(each.dice is not None for each in seen):
        found += [
            Measure(name="mask_dice_mean", words="mean Dice of masks", of=partial(_mask, seen), is_main=True),
            Measure(name="mask_dice_least", words="least Dice of masks", of=partial(_least_mask, seen)),
        ]
    return tuple(found)


def _dice(
    found: Detections, truth: Boxes, pairs: Pairs, shape: tuple[int, ...]
) -> npt.NDArray[np.float64] | None:
    """0 for a box that was not found; None where network or data have no masks."""
    if found.masks is None or truth.masks is None:
        return None
    values = np.zeros(len(truth.boxes))
    for wanted, number, _ in pairs:
        row_min, column_min, row_max, column_max = map(float, found.boxes[number])
        layer = paste(found.masks[number], (row_min, column_min, row_max, column_max), shape[0], shape[1])
        values[wanted] = dice(layer, truth.masks[wanted])
    return values


def _recall(seen: Sequence[Marked], kind: int | None, which: Indices) -> float:
    found = np.concatenate([seen[k].overlaps[(kind is None) | (seen[k].classes == kind)] > 0 for k in which])
    return float(found.mean()) if len(found) else float("nan")


def _precision(seen: Sequence[Marked], which: Indices) -> float:
    right = sum(int((seen[k].overlaps > 0).sum()) for k in which)
    said = right + sum(seen[k].too_many for k in which)
    return right / said if said else float("nan")


def _overlap(seen: Sequence[Marked], which: Indices) -> float:
    overlaps = np.concatenate([seen[k].overlaps for k in which])
    return float(overlaps[overlaps > 0].mean()) if (overlaps > 0).any() else float("nan")


def _mask(seen: Sequence[Marked], which: Indices) -> float:
    values = _masks(seen, which)
    return float(values.mean()) if len(values) else float("nan")


def _least_mask(seen: Sequence[Marked], which: Indices) -> float:
    values = _masks(seen, which)
    return float(values.min()) if len(values) else float("nan")


def _masks(seen: Sequence[Marked], which: Indices) -> npt.NDArray[np.float64]:
    return np.concatenate([each for k in which if (each := seen[k].dice) is not None])
