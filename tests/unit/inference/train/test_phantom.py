import numpy as np

from inference.train.phantom import COLUMNS, ROWS, chest_phantom


def test_phantom_is_a_12_bit_image_of_awkward_size():
    pixels = chest_phantom()
    assert pixels.shape == (ROWS, COLUMNS)
    assert pixels.dtype == np.uint16
    assert pixels.max() < 4096
    assert ROWS != COLUMNS
    assert ROWS % 8
    assert COLUMNS % 8


def test_phantom_is_the_same_each_time():
    np.testing.assert_array_equal(chest_phantom(), chest_phantom())


def test_a_flipped_phantom_is_another():
    pixels = chest_phantom().astype(float)
    for flipped in (pixels[::-1], pixels[:, ::-1], pixels[::-1, ::-1]):
        assert np.abs(pixels - flipped).mean() > 20


def test_lungs_are_darker_than_what_lies_between():
    pixels = chest_phantom().astype(float)
    middle = pixels[ROWS // 2]
    assert middle[int(0.30 * COLUMNS)] < middle[COLUMNS // 2]
    assert middle[int(0.72 * COLUMNS)] < middle[COLUMNS // 2]
