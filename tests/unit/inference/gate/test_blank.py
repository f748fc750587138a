import numpy as np

from inference.gate.blank import reason_blank


def test_one_value_is_blank():
    assert "blank" in reason_blank(np.full((100, 100), 7, np.float32))


def test_a_letter_on_nothing_is_blank():
    pixels = np.zeros((1000, 1000), np.float32)
    pixels[10:30, 10:40] = 4095
    assert "blank" in reason_blank(pixels)


def test_a_faint_picture_is_not():
    pixels = np.zeros((100, 100), np.float32)
    pixels[20:60, 20:60] = 1
    assert reason_blank(pixels) is None
