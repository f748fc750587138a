import numpy as np
import pytest

from inference.train.augment.flip import flip
from inference.train.augment.motion import Motion
from inference.train.augment.move import move
from inference.train.augment.rotate import rotate
from inference.train.augment.tables import Flip, Rotate
from tests.unit.inference.train.given import boxed, classed, masked, overlap

RIGHT = Motion(matrix=np.eye(2), offset=np.array([0.0, -7.0]))
"""Everything seven columns to the right."""


def test_a_shift_by_whole_voxels_loses_nothing():
    example = masked()
    moved = move(example, RIGHT, "least")
    np.testing.assert_allclose(moved.values[:, 7:], example.values[:, :-7], atol=1e-6)
    np.testing.assert_array_equal(moved.truth.segments[:, 7:], example.truth.segments[:, :-7])


@pytest.mark.parametrize(
    ("outside", "grey"), [("least", 0.1), (0.0, 0.0), (1.0, 1.0), ("edge", 0.1), ("median", 0.1)]
)
def test_what_comes_in_from_outside(outside, grey):
    moved = move(masked(), RIGHT, outside)
    np.testing.assert_allclose(moved.values[:, :7], grey, atol=1e-6)
    assert not moved.truth.segments[:, :7].any()


def test_no_segment_comes_in_where_the_edge_goes_on():
    """With a segment at the very edge, which 'edge' would drag in."""
    example = masked()
    example.truth.segments[:, 0] = 1
    assert not move(example, RIGHT, "edge").truth.segments[:, :7].any()


def test_a_mirror_is_exact_and_changes_the_sides():
    mirror = flip(Flip(step="flip", swap=((0, 1),)), (96, 80), np.random.default_rng(0))
    example = masked()
    moved = move(example, mirror, "least")
    np.testing.assert_array_equal(moved.values, example.values[:, ::-1])
    np.testing.assert_array_equal(moved.truth.segments, example.truth.segments[:, ::-1, ::-1])
    boxes = move(boxed(), mirror, "least").truth
    np.testing.assert_array_equal(boxes.classes, [1, 0])
    np.testing.assert_allclose(boxes.boxes[:, [1, 3]], 80 - boxed().truth.boxes[:, [3, 1]], atol=1e-4)


def test_swapping_twice_is_not_swapping():
    mirror = flip(Flip(step="flip", swap=((0, 1),)), (96, 80), np.random.default_rng(0))
    np.testing.assert_array_equal(move(boxed(), mirror.after(mirror), "least").truth.classes, [0, 1])


def test_a_class_is_a_class_wherever_it_is():
    example = classed(1)
    moved = move(example, Motion(matrix=np.eye(2), offset=np.ones(2)), "least")
    np.testing.assert_array_equal(moved.truth.shares, example.truth.shares)


def test_a_class_changes_its_side_in_a_mirror():
    mirror = flip(Flip(step="flip", swap=((0, 2),)), (8, 6), np.random.default_rng(0))
    np.testing.assert_array_equal(move(classed(0), mirror, "least").truth.shares, [0, 0, 1])
    np.testing.assert_array_equal(move(classed(1), mirror, "least").truth.shares, [0, 1, 0])
    twice = mirror.after(mirror)
    np.testing.assert_array_equal(move(classed(0), twice, "least").truth.shares, [1, 0, 0])


def test_the_input_stays_as_it_is():
    example = masked()
    values, segments = example.values.copy(), example.truth.segments.copy()
    turn = rotate(Rotate(step="rotate"), (96, 80), np.random.default_rng(2))
    moved = move(example, turn, "least")
    np.testing.assert_array_equal(example.values, values)
    np.testing.assert_array_equal(example.truth.segments, segments)
    assert overlap(moved.truth.segments[..., 0], segments[..., 0]) < 0.98
