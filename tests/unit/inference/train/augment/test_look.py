import numpy as np
import pytest

from inference.train.augment.look import as_unit, from_unit


def test_values_are_in_0_to_1_and_come_back_as_they_were():
    values = np.array([[-1000.0, 0.0], [500.0, 1000.0]], np.float32)
    unit, least, extent = as_unit(values)
    assert (unit.min(), unit.max()) == (0.0, 1.0)
    assert from_unit(unit, least, extent) == pytest.approx(values)


def test_what_left_0_to_1_is_cut_off():
    assert from_unit(np.array([-0.5, 1.5], np.float32), -10.0, 20.0).tolist() == [-10.0, 10.0]


def test_an_image_of_one_grey_is_no_division_by_nothing():
    unit, least, extent = as_unit(np.full((2, 2), 7.0, np.float32))
    assert (unit == 0).all()
    assert (from_unit(unit, least, extent) == 7.0).all()
