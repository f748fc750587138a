import numpy as np
import pytest

from inference.package.steps import Threshold
from inference.postprocess.threshold import threshold, threshold_to_map


def test_what_reaches_the_limit_belongs():
    maps = np.array([[[0.49, 0.5, 0.51]]])
    step = Threshold(step="threshold", at_least=0.5)
    assert threshold(maps, step, (0, 1, 2)).tolist() == [[[0, 1, 1]]]
    assert threshold(maps, step, (2, 0)).tolist() == [[[1, 0]]]


@pytest.mark.parametrize("at_least", [0.1, 0.3, 0.5, 0.7])
def test_a_map_draws_the_same_line(at_least):
    step = Threshold(step="threshold", at_least=at_least)
    line = np.float32(at_least)
    maps = np.array([[np.nextafter(line, np.float32(0))], [line], [np.nextafter(line, np.float32(1))]])
    assert threshold_to_map(maps, step, (0,)).tolist() == [0, 1, 1]
    assert threshold(maps, step, (0,))[:, 0].tolist() == [0, 1, 1]


def test_in_a_map_the_more_probable_of_two_has_the_voxel():
    maps = np.array([[0.6, 0.9, 0.0], [0.9, 0.6, 1.0], [0.7, 0.7, 0.0], [0.4, 0.4, 1.0]], np.float32)
    assert threshold_to_map(maps, Threshold(step="threshold"), (0, 1)).tolist() == [2, 1, 1, 0]
