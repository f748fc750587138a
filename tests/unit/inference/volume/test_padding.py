import numpy as np
from pydicom.dataset import Dataset

from inference.volume.padding import darken_padding

STORED = np.array([[0, 10, 20], [4095, 30, 4090]])


def _darken(**attributes):
    instance = Dataset()
    for keyword, value in attributes.items():
        setattr(instance, keyword, value)
    return darken_padding(STORED.astype(np.float32), STORED, instance).tolist()


def test_padding_becomes_the_darkest_of_the_rest():
    assert _darken(PixelPaddingValue=4095) == [[0, 10, 20], [0, 30, 4090]]


def test_a_range_is_padding_from_end_to_end():
    assert _darken(PixelPaddingValue=4095, PixelPaddingRangeLimit=4000) == [[0, 10, 20], [0, 30, 0]]


def test_without_padding_nothing_changes():
    assert _darken() == STORED.tolist()
    assert _darken(PixelPaddingValue=77) == STORED.tolist()


def test_nothing_but_padding_is_left_alone():
    assert _darken(PixelPaddingValue=0, PixelPaddingRangeLimit=4095) == STORED.tolist()
