from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from inference.train.augment.elastic import elastic
from inference.train.augment.flip import flip
from inference.train.augment.motion import Motion, around_centre
from inference.train.augment.rotate import rotate
from inference.train.augment.scale import scale
from inference.train.augment.tables import Elastic, Flip, Rotate, Scale
from tests.unit.inference.train.given import blobs, overlap

SHAPES = [(64, 48), (18, 24, 20)]


def some_motions(shape, seed=0):
    rng = np.random.default_rng(seed)
    return [
        rotate(Rotate(step="rotate"), shape, rng),
        elastic(Elastic(step="elastic", spread=0.03), shape, rng),
        scale(Scale(step="scale"), shape, rng),
        flip(Flip(step="flip"), shape, rng),
        elastic(Elastic(step="elastic", spread=0.03), shape, rng),
    ]


def seen_through(motion, mask):
    return ndimage.map_coordinates(mask.astype(float), motion.old_of_grid(mask.shape), order=1) >= 0.5


@pytest.mark.parametrize("shape", SHAPES)
def test_points_go_where_the_image_goes(shape):
    """Old and new are two sides of the same: going there and looking back gives the point."""
    for motion in some_motions(shape):
        old = np.array(shape)[:, None] * np.linspace(0.3, 0.7, 5)
        new = motion.new_of(old)
        there = np.stack(
            [
                ndimage.map_coordinates(part, new, order=1, mode="nearest")
                for part in motion.old_of_grid(shape)
            ]
        )
        np.testing.assert_allclose(there, old, atol=0.02)


@pytest.mark.parametrize("shape", SHAPES)
def test_two_motions_in_one_are_both_one_after_the_other(shape):
    _, mask, _ = blobs(shape)
    motions = some_motions(shape)
    for first, then in pairwise(motions):
        at_once = seen_through(then.after(first), mask)
        in_turn = seen_through(then, seen_through(first, mask))
        assert overlap(at_once, in_turn) > (0.97 if len(shape) == 2 else 0.9)
        other_order = seen_through(first.after(then), mask)
        assert overlap(at_once, in_turn) >= overlap(other_order, in_turn)


def test_order_of_motions_counts():
    shift = Motion(matrix=np.eye(2), offset=np.array([0.0, 10.0]))
    mirror = flip(Flip(step="flip"), (40, 40), np.random.default_rng(0))
    shifted_then_mirrored, mirrored_then_shifted = mirror.after(shift), shift.after(mirror)
    np.testing.assert_allclose(shifted_then_mirrored.new_of(np.array([[5.0], [20.0]])), [[5], [29]])
    np.testing.assert_allclose(mirrored_then_shifted.new_of(np.array([[5.0], [20.0]])), [[5], [9]])


@pytest.mark.parametrize("axes", [2, 3])
def test_one_after_the_other_takes_every_point_where_both_take_it(axes):
    rng = np.random.default_rng(0)
    first, then = (
        Motion(matrix=np.eye(axes) + rng.uniform(-0.4, 0.4, (axes, axes)), offset=rng.uniform(-5, 5, axes))
        for _ in range(2)
    )
    points = rng.uniform(0, 40, (axes, 6))
    np.testing.assert_allclose(then.after(first).new_of(points), then.new_of(first.new_of(points)), atol=1e-8)


def test_a_warp_of_what_was_moved_is_moved_with_it():
    shape, rng = (20, 16), np.random.default_rng(1)
    first = Motion(matrix=np.array([[0.8, 0.5], [-0.3, 1.2]]), offset=np.array([2.0, -1.0]))
    warp = elastic(Elastic(step="elastic", spread=0.2), shape, rng)
    wanted = np.tensordot(first.matrix, warp.old_of_grid(shape), 1) + first.offset[:, None, None]
    np.testing.assert_allclose(warp.after(first).old_of_grid(shape), wanted, atol=1e-3)


def test_mirroring_is_told_apart_from_all_else():
    rng = np.random.default_rng(0)
    mirror = flip(Flip(step="flip", axis="rows"), (8, 6), rng)
    assert mirror.mirrored_axes((8, 6)) == (0,)
    assert mirror.after(mirror).mirrored_axes((8, 6)) == ()
    assert Motion(matrix=np.eye(2), offset=np.array([0.0, 1.0])).mirrored_axes((8, 6)) is None
    assert all(
        motion.mirrored_axes((64, 48)) is None for motion in some_motions((64, 48)) if motion.matrix[1, 1] > 0
    )


def test_the_centre_stays():
    motion = around_centre(np.array([[0.0, -1.0], [1.0, 0.0]]), (9, 9))
    np.testing.assert_allclose(motion.new_of(np.array([[4.0], [4.0]])), [[4], [4]])
    np.testing.assert_allclose(motion.new_of(np.array([[4.0], [8.0]])), [[8], [4]], atol=1e-9)
