import numpy as np

from inference.postprocess.restore_geometry import restore_geometry


def test_the_last_step_is_undone_first():
    maps = np.ones((1, 1, 1), np.float32)
    assert restore_geometry(maps, [lambda m: m * 2, lambda m: m + 3]).item() == 8


def test_without_steps_maps_stay():
    maps = np.ones((2, 2, 1), np.float32)
    assert restore_geometry(maps, []) is maps
