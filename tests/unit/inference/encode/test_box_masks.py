import numpy as np
import pytest

from inference.encode.box_masks import paste


def test_a_full_mask_fills_its_box():
    layer = paste(np.ones((14, 14), np.float32), (4, 6, 12, 20), 30, 40)
    expected = np.zeros((30, 40), np.uint8)
    expected[4:12, 6:20] = 1
    assert np.array_equal(layer, expected)


def test_half_a_mask_is_the_right_half():
    mask = np.zeros((14, 14), np.float32)
    mask[:, 7:] = 1
    rows, columns = np.nonzero(paste(mask, (4, 6, 12, 20), 30, 40))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 11, 13, 19)


@pytest.mark.parametrize("box", [(3.4, 5.6, 27.3, 33.2), (0, 0, 30, 40), (10.5, 10.5, 12.6, 13.7)])
def test_it_is_what_interpolation_says_at_each_pixel_s_centre(box):
    chance = np.random.default_rng(0)
    mask = chance.random((7, 9)).astype(np.float32)
    layer = paste(mask, box, 30, 40)
    padded = np.pad(mask, 1, mode="edge")
    for row in range(30):
        for column in range(40):
            inside = box[0] <= row + 0.5 <= box[2] and box[1] <= column + 0.5 <= box[3]
            expected = inside and _at(
                padded,
                (row + 0.5 - box[0]) / (box[2] - box[0]) * 7 + 0.5,
                (column + 0.5 - box[1]) / (box[3] - box[1]) * 9 + 0.5,
            )
            if not inside or abs(expected - 0.5) > 1e-3:
                assert layer[row, column] == (inside and expected >= 0.5), (row, column)


def _at(padded, row, column):
    """Between the four centres around; the rim repeats the outermost."""
    top, left = int(np.floor(row)), int(np.floor(column))
    down, right = row - top, column - left
    above = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    below = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return above * (1 - down) + below * down


def test_a_box_between_two_centres_holds_no_pixel():
    assert not paste(np.ones((4, 4), np.float32), (4.6, 4.6, 5.4, 5.4), 10, 10).any()
