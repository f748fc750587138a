import numpy as np
import pytest

from inference.train.evaluate.overlap import pair

WHOLE, HALF, AWAY = [0, 0, 10, 10], [0, 0, 10, 5], [20, 20, 30, 30]


def boxes(*corners):
    return np.array(corners, np.float32).reshape(-1, 4)


def paired(truth, truth_classes, found, found_classes, at_least=0.5):
    return pair(
        boxes(*truth),
        np.array(truth_classes, int),
        boxes(*found),
        np.array(found_classes, int),
        at_least=at_least,
    )


def test_of_two_on_one_object_the_first_found_it_and_the_other_nothing():
    assert paired([WHOLE], [0], [HALF, WHOLE], [0, 0]) == [(0, 0, pytest.approx(0.5))]


def test_another_class_finds_nothing():
    assert paired([WHOLE], [0], [WHOLE], [1]) == []


def test_less_overlap_than_asked_for_finds_nothing():
    assert paired([WHOLE], [0], [HALF], [0], at_least=0.51) == []


def test_each_finds_its_own():
    found = paired([WHOLE, AWAY], [0, 0], [AWAY, WHOLE], [0, 0])
    assert found == [(1, 0, pytest.approx(1)), (0, 1, pytest.approx(1))]


def test_nothing_there_or_nothing_found():
    assert paired([], [], [WHOLE], [0]) == []
    assert paired([WHOLE], [0], [], []) == []
