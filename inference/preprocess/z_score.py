"""Intensity only: mean 0 and standard deviation 1."""

import math

import numpy as np

from inference.package.steps import ZScore
from inference.preprocess.field import Field, Prepared, Values, with_intensities


def z_score(field: Field, step: ZScore) -> Prepared:
    """Less the mean, divided by the standard deviation: of the image, of its foreground, or as declared.

    An image of one value becomes all zeros, and so does one without foreground.
    """
    mean, deviation = _moments(field.values, step)
    if deviation == 0.0:
        return with_intensities(field, np.zeros_like(field.values))
    scored = field.values - np.float32(mean)
    scored *= np.float32(1 / deviation)
    return with_intensities(field, scored)


def _moments(values: Values, step: ZScore) -> tuple[float, float]:
    """Mean and standard deviation (of the whole, not of a sample)."""
    if step.mean is not None and step.standard_deviation is not None:
        return step.mean, step.standard_deviation
    above = step.foreground_above if step.over == "foreground" else -math.inf
    count, mean = _mean(values, above, power=1, around=0.0)
    return (mean, math.sqrt(_mean(values, above, power=2, around=mean)[1])) if count else (0.0, 0.0)


def _mean(values: Values, above: float, *, power: int, around: float) -> tuple[int, float]:
    """How many values lie above, and the mean of their distances from ``around`` to a power, in float64."""
    count, total = 0, 0.0
    # Plane by plane: in float64 a whole volume would take twice its memory again.
    for plane in values:
        counted = (plane if above == -math.inf else plane[plane > above]).astype(np.float64)
        counted -= around
        count += counted.size
        total += float(counted.sum() if power == 1 else np.vdot(counted, counted))
    return count, total / count if count else 0.0
