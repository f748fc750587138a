import itertools

import numpy as np
import pytest

from inference.gate.patient_axes import step_lengths, to_patient_axes

PATIENT = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)
"""Axes towards head, posterior, left."""
LPS_OF = np.array([[0, 0, 1.0], [0, 1.0, 0], [1.0, 0, 0]])
"""Columns: what a step along each axis of PATIENT is in (left, posterior, head)."""


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("flips", list(itertools.product([1, -1], repeat=3)))
def test_from_all_48_ways_to_store_it_comes_the_same(order, flips):
    stored = PATIENT.transpose(order)[tuple(slice(None, None, flip) for flip in flips)]
    affine = np.eye(4)
    affine[:3, :3] = LPS_OF[:, order] * flips
    assert np.array_equal(to_patient_axes(stored, affine), PATIENT)


def test_an_oblique_grid_goes_to_the_nearest_axes():
    affine = np.eye(4)
    turn = np.deg2rad(30)
    affine[:3, :3] = LPS_OF @ [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    assert np.array_equal(to_patient_axes(PATIENT, affine), PATIENT)


def test_the_steps_are_those_of_the_turned_axes():
    affine = np.eye(4)
    affine[:3, :3] = LPS_OF[:, [2, 0, 1]] * [0.5, 3.0, 0.7]
    assert step_lengths(affine).tolist() == [3.0, 0.7, 0.5]
