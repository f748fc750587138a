import numpy as np
import pytest

from inference.train.synthesis.contrast import draw_palette
from inference.train.synthesis.paint import paint
from tests.unit.inference.train.synthesis.given import GRID, anatomy, plain_table

SEED = 5


def painted(points, **tables):
    table, rng = plain_table(**tables), np.random.default_rng(SEED)
    return paint(points, draw_palette(anatomy(), table.contrast, rng), GRID, table, rng)


def full_of(*numbers):
    codes = [anatomy().numbers.index(number) for number in numbers]
    return [np.full(GRID.shape, code, np.uint8) for code in codes]


def test_a_voxel_within_one_label_has_that_labels_grey():
    greys = {number: painted(full_of(number))[0, 0, 0] for number in anatomy().numbers}
    assert len(set(greys.values())) == 5
    assert np.ptp(painted(full_of(2, 2, 2, 2))) == 0


def test_a_voxel_at_a_border_has_the_mean_of_its_points():
    brain, ventricle = (painted(full_of(number))[0, 0, 0] for number in (2, 4))
    mixed = painted(full_of(2, 2, 2, 4))[0, 0, 0]
    assert mixed == pytest.approx(0.75 * brain + 0.25 * ventricle, rel=1e-5)


def test_texture_is_that_of_the_label():
    rough = {"deviation": {"least": 0.1, "most": 0.1}, "dark_outside": 0, "bare": 0}
    assert painted(full_of(2), contrast=rough).std() == pytest.approx(0.1, rel=0.05)


def test_uneven_reception_and_noise_act_on_it():
    assert (
        painted(full_of(2), bias_field={"deviation": {"least": 1, "most": 1}, "between_mm": 8}).std() > 0.01
    )
    noisy = {"spacing_mm": {"least": 1, "most": 1}, "thick": 0, "noise": {"least": 0.2, "most": 0.2}}
    assert painted(full_of(2), acquisition=noisy).std() == pytest.approx(0.2, rel=0.05)
