"""Limits of which one may be missing, as a condition and in words."""

import math


def is_between(value: float, at_least: float | None, at_most: float | None) -> bool:
    """Whether a number lies within the limits, both included; None limits nothing."""
    return (
        (-math.inf if at_least is None else at_least) <= value <= (math.inf if at_most is None else at_most)
    )


def between(at_least: float | None, at_most: float | None, unit: str) -> str:
    """The limits in words: ``10 to 20 mL``, ``at least 10 mL``, ``at most 20 mL``."""
    if at_least is not None and at_most is not None:
        return f"{at_least:g} to {at_most:g} {unit}".strip()
    if at_least is None:
        return f"at most {at_most:g} {unit}".strip()
    return f"at least {at_least:g} {unit}".strip()


def figure(value: float) -> str:
    """A number for a sentence: three figures, and no powers of ten for what is large."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
