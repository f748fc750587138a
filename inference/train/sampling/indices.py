"""Which example comes next."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from inference.train.case import Example


def uniform(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[int]:
    """Endless: every example once in a new order, then again."""
    while True:
        yield from rng.permutation(len(examples)).tolist()


def balanced(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[int]:
    """Endless: a group drawn evenly, and of it every example once before any a second time."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        groups[example.group].append(number)
    turns = [_in_turn(groups[name], rng) for name in sorted(groups)]
    while True:
        yield next(turns[rng.integers(len(turns))])


def _in_turn(numbers: Sequence[int], rng: np.random.Generator) -> Iterator[int]:
    while True:
        yield from rng.permutation(numbers).tolist()
