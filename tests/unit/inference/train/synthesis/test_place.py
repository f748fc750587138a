import numpy as np
import pytest

from inference.train.synthesis.place import Grid, draw_place, window_centre
from inference.train.synthesis.tables import Deformation, Window
from tests.unit.inference.train.synthesis.given import STILL, anatomy

GRID = Grid(shape=(5, 7, 9), spacing_mm=(2.0, 2.0, 2.0))
ELASTIC = {"elastic_mm": {"least": 3, "most": 3}}


def place(deformation=(), seed=0, spacing=(1.0, 1.0, 1.0)):
    whole = anatomy(spacing)
    table = Deformation.model_validate(STILL | dict(deformation))
    return draw_place(whole, GRID, table, whole.centre, np.random.default_rng(seed))


def centres(window, draws):
    rng = np.random.default_rng(0)
    return np.array([window_centre(anatomy(), window, rng) for _ in range(draws)])


def middle(found):
    return [each[2, 3, 4] for each in found.coordinates]


def test_without_deformation_the_grid_lies_around_the_centre():
    found = place()
    np.testing.assert_allclose(middle(found), anatomy().centre)
    np.testing.assert_allclose(np.diff(found.coordinates[0], axis=0), 2.0)
    np.testing.assert_allclose(np.diff(found.coordinates[2], axis=2), 2.0)


def test_steps_are_counted_in_the_voxels_of_the_anatomy():
    found = place(spacing=(4.0, 2.0, 1.0))
    steps = [np.diff(found.coordinates[axis], axis=axis).mean() for axis in range(3)]
    np.testing.assert_allclose(steps, [0.5, 1.0, 2.0], rtol=1e-5)


def test_mirror_exchanges_left_and_right_alone():
    plain, mirrored = place(), place({"mirror": 1.0})
    np.testing.assert_allclose(mirrored.coordinates[2], plain.coordinates[2][..., ::-1], atol=1e-5)
    np.testing.assert_allclose(mirrored.coordinates[0], plain.coordinates[0], atol=1e-5)


def test_rotation_keeps_lengths_and_scale_changes_them():
    turned = place({"rotation_degrees": 40.0}, seed=4).matrix
    np.testing.assert_allclose(turned.T @ turned, 4.0 * np.eye(3), atol=1e-9)
    assert not np.allclose(turned, 2.0 * np.eye(3), atol=0.1)
    lengths = np.linalg.norm(place({"scale": 0.3}, seed=4).matrix, axis=0)
    assert (np.abs(lengths - 2.0) <= 0.6).all()
    assert np.ptp(lengths) > 0.05


def test_bend_is_as_strong_as_said_in_mm():
    bent, straight = place(ELASTIC), place()
    moved = np.concatenate(
        [(a - b).ravel() for a, b in zip(bent.coordinates, straight.coordinates, strict=True)]
    )
    assert 0.5 < moved.std() < 3.5
    halved = place(ELASTIC, spacing=(2.0, 2.0, 2.0))
    straight = place(spacing=(2.0, 2.0, 2.0))
    shifted = np.concatenate(
        [(a - b).ravel() for a, b in zip(halved.coordinates, straight.coordinates, strict=True)]
    )
    np.testing.assert_allclose(shifted, moved / 2, atol=1e-4)


def test_window_is_moved_from_the_organ_at_most_as_far_as_said():
    away = np.abs(centres(Window(shift_mm=6.0, anywhere=0.0), 60) - anatomy().centre)
    assert away.max() <= 6.0
    assert (away.max(axis=0) > 5.0).all()


def test_window_anywhere_comes_to_all_of_the_volume():
    spread = np.ptp(centres(Window(anywhere=1.0), 80), axis=0)
    assert (spread > 0.8 * (np.array(anatomy().codes.shape) - 1)).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_same_seed_same_place(seed):
    first, second = place(ELASTIC, seed=seed), place(ELASTIC, seed=seed)
    np.testing.assert_array_equal(first.coordinates[1], second.coordinates[1])
    assert not np.array_equal(first.coordinates[1], place(ELASTIC, seed=9).coordinates[1])
