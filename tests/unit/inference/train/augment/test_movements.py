"""Each movement within the limits that the recipe gives, from the matrix that it draws."""

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.augment.flip import flip
from inference.train.augment.rotate import rotate
from inference.train.augment.scale import scale
from inference.train.augment.shift import shift
from inference.train.augment.stretch import stretch
from inference.train.augment.tables import Flip, Rotate, Scale, Shift, Stretch

SHAPE = (12, 40, 30)


def drawn(movement, step, shape=SHAPE, count=200):
    rng = np.random.default_rng(0)
    return [movement(step, shape, rng) for _ in range(count)]


def test_rotation_turns_two_axes_by_up_to_so_many_degrees():
    angles = []
    for motion in drawn(rotate, Rotate(step="rotate", degrees=20)):
        np.testing.assert_allclose(motion.matrix @ motion.matrix.T, np.eye(3), atol=1e-12)
        assert motion.matrix[0, 0] == 1
        angles.append(np.rad2deg(np.arctan2(motion.matrix[2, 1], motion.matrix[1, 1])))
    assert -20 <= min(angles) < -17
    assert 17 < max(angles) <= 20


@pytest.mark.parametrize(("axis", "number"), [("slices", 0), ("rows", 1), ("columns", 2)])
def test_rotation_and_flip_around_and_along_the_axis_that_is_named(axis, number):
    (turned,) = drawn(rotate, Rotate(step="rotate", around=axis), count=1)
    assert turned.matrix[number, number] == 1
    (mirrored,) = drawn(flip, Flip(step="flip", axis=axis), count=1)
    assert np.flatnonzero(np.diag(mirrored.matrix) < 0).tolist() == [number]
    assert mirrored.mirrored_axes(SHAPE) == (number,)


def test_an_image_has_no_slices():
    with pytest.raises(TrainingRefused, match="slices of a 2-D image"):
        drawn(flip, Flip(step="flip", axis="slices"), (40, 30), 1)
    (turned,) = drawn(rotate, Rotate(step="rotate"), (40, 30), 1)
    assert turned.matrix.shape == (2, 2)


def test_scale_is_the_same_along_all_axes_and_as_often_larger_as_smaller():
    factors = [1 / motion.matrix[0, 0] for motion in drawn(scale, Scale(step="scale", largest=2))]
    assert 0.5 <= min(factors) < 0.55
    assert 1.8 < max(factors) <= 2
    assert 0.4 < np.mean(np.array(factors) > 1) < 0.6
    assert all(np.ptp(np.diag(motion.matrix)) == 0 for motion in drawn(scale, Scale(step="scale")))


def test_stretch_keeps_the_volume():
    for motion in drawn(stretch, Stretch(step="stretch", largest=1.3)):
        assert np.linalg.det(motion.matrix) == pytest.approx(1)
        assert np.ptp(np.diag(motion.matrix)) > 0


def test_shift_goes_by_a_share_of_each_axis():
    offsets = np.array([motion.offset for motion in drawn(shift, Shift(step="shift", largest=0.25))])
    reached = np.abs(offsets).max(axis=0)
    assert (reached <= np.array(SHAPE) * 0.25).all()
    assert (reached > np.array(SHAPE) * 0.23).all()
