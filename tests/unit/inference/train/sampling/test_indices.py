from collections import Counter
from itertools import islice

import numpy as np

from inference.train.sampling.indices import balanced, uniform
from tests.unit.inference.train.given import classed

EXAMPLES = [classed(0) for _ in range(9)] + [classed(1)] + [classed(2), classed(2)]


def drawn(kind, count, seed=0):
    return list(islice(kind(EXAMPLES, np.random.default_rng(seed)), count))


def test_uniform_takes_each_once_before_any_twice():
    numbers = drawn(uniform, 24)
    assert sorted(numbers[:12]) == sorted(numbers[12:]) == list(range(12))
    assert numbers[:12] != numbers[12:]


def test_balanced_gives_each_group_the_same_chance():
    counts = Counter(EXAMPLES[number].group for number in drawn(balanced, 3000))
    assert all(900 < counts[group] < 1100 for group in ("0", "1", "2"))


def test_balanced_takes_each_of_a_group_once_before_any_twice():
    of_first = [number for number in drawn(balanced, 300) if number < 9]
    assert sorted(of_first[:9]) == sorted(of_first[9:18]) == list(range(9))


def test_the_seed_decides():
    assert drawn(balanced, 50) == drawn(balanced, 50)
    assert drawn(balanced, 50) != drawn(balanced, 50, seed=1)
