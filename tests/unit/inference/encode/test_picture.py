from io import BytesIO

import numpy as np
from PIL import Image

from inference.encode.picture import draw_outlines, grey, png, window_of


def test_the_window_leaves_out_half_a_percent_at_either_end():
    low, high = window_of(np.arange(1001, dtype=np.float32))
    assert (low, high) == (5, 995)


def test_a_window_makes_black_and_white():
    picture = grey(np.array([[0, 50], [100, 200]], np.float32), (2, 2), (50.0, 150.0))
    assert picture[..., 0].tolist() == [[0, 0], [127, 255]]


def test_an_even_image_is_no_division_by_zero():
    assert grey(np.full((3, 4), 7, np.float32), (4, 3)).shape == (3, 4, 3)


def test_an_outline_is_two_pixels_wide_and_inside():
    picture = np.zeros((20, 20, 3), np.uint8)
    mask = np.zeros((20, 20), np.uint8)
    mask[5:15, 5:15] = 1
    draw_outlines(picture, [mask], [(1, 2, 3)])
    drawn = (picture == (1, 2, 3)).all(axis=-1)
    assert drawn.sum() == 10 * 10 - 6 * 6
    assert not (drawn & (mask == 0)).any()


def test_it_is_a_png():
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert np.array_equal(np.asarray(Image.open(BytesIO(png(picture)))), picture)
