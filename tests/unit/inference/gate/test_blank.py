import numpy as np

from inference.gate.blank import reason_blank, reason_volume_blank, reasons_of_blank_slices


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


def test_a_volume_of_one_value_is_blank():
    assert "series is blank" in reason_volume_blank(np.full((5, 300, 300), -1024, np.float32))


def test_a_volume_with_a_body_is_not():
    voxels = np.zeros((5, 300, 300), np.float32)
    voxels[:, 100:200, 100:200] = 1
    assert reason_volume_blank(voxels) is None


def test_slices_lost_within_a_series_are_counted():
    voxels = np.random.default_rng(0).random((10, 8, 8)).astype(np.float32)
    voxels[[0, 4, 5, 9]] = 0
    assert reasons_of_blank_slices(voxels) == (
        "2 of 10 slices are blank between others that are not: part of the series was lost",
    )


def test_empty_ends_are_common():
    voxels = np.random.default_rng(0).random((10, 8, 8)).astype(np.float32)
    voxels[[0, 1, 9]] = 0
    assert reasons_of_blank_slices(voxels) == ()
    assert reasons_of_blank_slices(np.zeros((3, 8, 8), np.float32)) == ()
