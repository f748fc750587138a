import numpy as np
import pytest

from inference.package.steps import Pad
from inference.preprocess.pad import pad


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (7, 4)])
def test_there_and_back_is_the_same(shape):
    pixels = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    prepared = pad(pixels, Pad(step="pad", to="square", value=-1))
    assert prepared.pixels.shape == (max(shape), max(shape))
    assert np.array_equal(prepared.undo(prepared.pixels[..., np.newaxis])[..., 0], pixels)


def test_the_rim_holds_the_value_on_both_ends():
    prepared = pad(np.zeros((4, 1), np.float32), Pad(step="pad", to="square", value=3))
    assert prepared.pixels[0].tolist() == [3, 0, 3, 3]
