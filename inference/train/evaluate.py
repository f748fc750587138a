"""How good the packed model is on patients it has not seen, through the whole chain at the source's size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.package.manifest import Manifest
from inference.predict import Predictor
from inference.train.chain import run_chain
from inference.train.data import Example
from inference.train.load import read_mask, read_pixels
from inference.train.losses import dice


@dataclass(frozen=True, kw_only=True)
class Score:
    """Dice of one validation image against its reviewed mask, at the image's own size."""

    example: Example
    dice: float


def evaluate(examples: Sequence[Example], manifest: Manifest, predictor: Predictor) -> tuple[Score, ...]:
    """Score every example, in order; the first segment is compared with the mask."""
    return tuple(Score(example=e, dice=_dice(e, manifest, predictor)) for e in examples)


def figures(scores: Sequence[Score]) -> dict[str, float | int]:
    """What model.toml and the card say: counts, mean, median and least Dice, and the mean of each projection."""
    values = [score.dice for score in scores]
    found: dict[str, float | int] = {
        "validation_patients": len({score.example.patient_id for score in scores}),
        "validation_images": len(scores),
        "dice_mean": _rounded(np.mean(values)),
        "dice_median": _rounded(np.median(values)),
        "dice_least": _rounded(min(values)),
    }
    for projection in sorted({score.example.projection for score in scores}):
        of_this = [score.dice for score in scores if score.example.projection == projection]
        found[f"{projection}_images"] = len(of_this)
        found[f"{projection}_dice_mean"] = _rounded(np.mean(of_this))
    return found


def _dice(example: Example, manifest: Manifest, predictor: Predictor) -> float:
    pixels = read_pixels(example)
    _, labels = run_chain(pixels, manifest, predictor)
    return dice(labels[..., 0], read_mask(example, *pixels.shape))


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 4)
