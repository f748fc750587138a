import numpy as np
import pytest

from inference.gate.sample import sampled


@pytest.mark.parametrize(("size", "left"), [(1, 1), (64, 64), (127, 127), (128, 64), (512, 64), (600, 67)])
def test_few_are_left_of_many_and_all_of_few(size, left):
    assert sampled(np.zeros((size, 2, 2), np.float32)).shape == (left, 2, 2)


def test_nothing_is_copied():
    voxels = np.zeros((300, 300, 300), np.float32)
    assert np.shares_memory(sampled(voxels), voxels)
