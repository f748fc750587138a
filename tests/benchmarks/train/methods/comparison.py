"""A method and its plain counterpart, over the seeds."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, stdev

SEEDS = (0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class Method:
    """``score`` takes a seed to (with the method, without it), larger is better, on one ``budget``."""

    name: str
    plain: str
    measure: str
    budget: str
    score: Callable[[int], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The scores of each seed, in the order of SEEDS."""

    method: Method
    with_it: tuple[float, ...]
    without: tuple[float, ...]

    @property
    def gain(self) -> float:
        """The mean of what the method adds."""
        return mean(self.with_it) - mean(self.without)

    @property
    def spread(self) -> float:
        """The standard deviation of what it adds, over the seeds."""
        return stdev(a - b for a, b in zip(self.with_it, self.without, strict=True))

    @property
    def beats(self) -> bool:
        """Whether the mean over the seeds is better with the method."""
        return self.gain > 0

    @property
    def beats_in_each(self) -> bool:
        """Whether it is better with every seed."""
        return all(a > b for a, b in zip(self.with_it, self.without, strict=True))


def compare(method: Method) -> Comparison:
    """With all seeds."""
    scores = [method.score(seed) for seed in SEEDS]
    return Comparison(method=method, with_it=tuple(a for a, _ in scores), without=tuple(b for _, b in scores))


def said(each: Comparison) -> str:
    """Mean ± standard deviation over the seeds; a method that does not pay is said not to."""
    verdict = (
        "BEATS in each seed" if each.beats_in_each else "BEATS in the mean" if each.beats else "DOES NOT BEAT"
    )
    return (
        f"{each.method.name}: {verdict}\n"
        f"    with it {_said(each.with_it)}, {each.method.plain} {_said(each.without)}, gain {each.gain:+.3f} "
        f"± {each.spread:.3f} ({each.method.measure}; {each.method.budget})"
    )


def _said(scores: tuple[float, ...]) -> str:
    return f"{mean(scores):.3f} ± {stdev(scores):.3f}"
