"""How long to wait before a destination is asked again. Pure."""


def seconds_until_next(attempts: int, *, at_most: float) -> float:
    """1, 2, 4, … seconds after the first, second, third … attempt, never more than ``at_most``."""
    return min(at_most, 2.0 ** min(attempts - 1, 32))
