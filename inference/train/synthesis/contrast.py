"""The grey of each label: a normal distribution of its own, whatever the tissue is (the heart of SynthSeg)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.train.synthesis.anatomy import Anatomy
from inference.train.synthesis.draw import between, happens
from inference.train.synthesis.tables import Between, Contrast

Greys = npt.NDArray[np.float32]

DARK = Between(least=0, most=0.05)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """``mean[code]`` and ``deviation[code]``, float32, of the anatomy's codes."""

    mean: Greys
    deviation: Greys


def draw_palette(anatomy: Anatomy, contrast: Contrast, rng: np.random.Generator) -> Palette:
    """A mean and a deviation for each label, the same for those that the table keeps together."""
    kind = _kinds(anatomy.numbers, contrast.together)
    mean = rng.uniform(contrast.mean.least, contrast.mean.most, len(kind))[kind]
    deviation = rng.uniform(contrast.deviation.least, contrast.deviation.most, len(kind))[kind]
    outside = np.isin(anatomy.numbers, contrast.outside)
    if happens(contrast.bare, rng):
        outside |= anatomy.segment == 0
        mean[outside] = deviation[outside] = 0
    elif happens(contrast.dark_outside, rng):
        mean[outside], deviation[outside] = between(DARK, rng), between(DARK, rng) / 2
    return Palette(mean=mean.astype(np.float32), deviation=deviation.astype(np.float32))


def _kinds(numbers: tuple[int, ...], together: tuple[tuple[int, ...], ...]) -> npt.NDArray[np.intp]:
    """For each code the place in ``numbers`` of the first label it shares its grey with."""
    first = {number: group[0] for group in together for number in group}
    named = [first.get(number, number) for number in numbers]
    return np.array([named.index(name) for name in named])
