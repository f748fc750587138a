import numpy as np
import pytest

from inference.measure.count import count


@pytest.mark.parametrize(("other", "parts"), [((0, 0, 1), 1), ((0, 1, 1), 2), ((2, 2, 2), 2)])
def test_neighbours_are_one_part_and_diagonal_ones_two(subject, other, parts):
    mask = np.zeros((3, 3, 3))
    mask[0, 0, 0] = mask[other] = 1
    assert count(subject(mask)) == parts


def test_nothing_has_no_parts(subject):
    assert count(subject(np.zeros((2, 3, 4)))) == 0
