import numpy as np
from pydicom.dataset import Dataset

from inference.volume.padding import darken_padding, padding_mask

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


def test_padding_written_without_its_sign_is_found():
    stored, header = np.array([[-2000, 5]], np.int16), Dataset()
    header.add_new("PixelPaddingValue", "US", 63536)
    assert padding_mask(stored, header).tolist() == [[True, False]]
    assert padding_mask(stored.astype(np.uint16), header).tolist() == [[True, False]]


def test_what_is_nowhere_is_no_mask():
    header = Dataset()
    assert padding_mask(STORED, header) is None
    header.PixelPaddingValue = -5
    assert padding_mask(STORED, header) is None
