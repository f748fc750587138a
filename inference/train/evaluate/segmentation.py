"""Segmentations: Dice of each segment against the reviewed mask."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from inference.train.evaluate.dice import dice
from inference.train.evaluate.evaluation import Indices, Measure
from inference.train.evaluate.names import figure_name
from inference.train.evaluate.observed import Overlaps

Labels = npt.NDArray[np.uint8]


def overlaps(labels: Labels, segments: Labels) -> Overlaps:
    """``labels`` as the chain gives them: (rows, columns, segments), or a volume's label map.

    ``segments``: the truth, (…, segments) of 0 and 1. A model that names fewer than the truth has is judged on those
    it names.
    """
    found = [_layer(labels, segments.ndim, number) for number in range(_count(labels, segments))]
    return Overlaps(dice=np.array([dice(layer, segments[..., k]) for k, layer in enumerate(found)]))


def measures(seen: Sequence[Overlaps], labels: Sequence[str]) -> tuple[Measure, ...]:
    """The mean Dice of all segments, the median and the least; and the mean of each of several segments."""
    values = np.array([each.dice for each in seen])
    found = [
        Measure(name="dice_mean", words="mean Dice", of=partial(_mean, values), is_main=True),
        Measure(name="dice_median", words="median Dice", of=partial(_median, values)),
        Measure(name="dice_least", words="least Dice", of=partial(_least, values)),
    ]
    if len(labels) > 1:
        found += [
            Measure(
                name=f"{figure_name(label)}_dice_mean",
                words=f"mean Dice of {label}",
                of=partial(_mean, values[:, k]),
            )
            for k, label in enumerate(labels)
        ]
    return tuple(found)


def _count(labels: Labels, segments: Labels) -> int:
    return int(
        min(labels.shape[-1], segments.shape[-1]) if labels.ndim == segments.ndim else segments.shape[-1]
    )


def _layer(labels: Labels, dimensions: int, number: int) -> npt.NDArray[np.bool_]:
    of_this = labels[..., number] > 0 if labels.ndim == dimensions else labels == number + 1
    return np.asarray(of_this, bool)


def _mean(values: npt.NDArray[np.float64], which: Indices) -> float:
    return float(np.mean(values[which]))


def _median(values: npt.NDArray[np.float64], which: Indices) -> float:
    return float(np.median(values[which]))


def _least(values: npt.NDArray[np.float64], which: Indices) -> float:
    return float(np.min(values[which]))
