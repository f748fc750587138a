"""What all steps promise together: image, masks and boxes move as one, the input stays, the seed decides."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import TrainingRefused
from inference.train.augment import LOOKS, MOVEMENTS, augment
from inference.train.augment.move import move
from inference.train.augment.tables import (
    AnyMovement,
    AugmentStep,
    Borders,
    Elastic,
    Flip,
    Gamma,
    Rotate,
    Scale,
    Shift,
    Stretch,
)
from tests.unit.inference.train.given import boxed, extent, masked, overlap

VOCABULARY = get_args(get_args(AugmentStep)[0])
ALL_MOVEMENTS = tuple(kind(step=name) for name, kind in zip(MOVEMENTS, get_args(AnyMovement), strict=True))
FLAT_ONLY = {"opacities", "lines", "annotations", "borders"}


def name_of(kind):
    return get_args(kind.model_fields["step"].annotation)[0]


def step_of(kind):
    return kind(step=name_of(kind), chance=1.0)


def test_every_step_of_the_vocabulary_is_carried_out_and_no_other():
    names = [name_of(kind) for kind in VOCABULARY]
    assert sorted(names) == sorted([*MOVEMENTS, *LOOKS, "borders"])
    assert {name_of(kind) for kind in get_args(AnyMovement)} == set(MOVEMENTS)


@given(
    seed=st.integers(0, 2**32),
    movements=st.lists(st.sampled_from(ALL_MOVEMENTS), min_size=1, max_size=6),
    shape=st.sampled_from([(96, 80), (80, 96), (64, 64)]),
)
@settings(max_examples=60, deadline=None)
def test_image_masks_and_boxes_move_together(seed, movements, shape):
    """On a picture whose greys say what is where: after any movements they say the same."""
    moved = augment(masked(shape), movements, np.random.default_rng(seed))
    first = moved.truth.segments[..., 0]
    assert overlap(first, moved.values >= 0.45 + 0.1) > 0.93 or first.sum() < 150
    truth = augment(boxed(shape), movements, np.random.default_rng(seed)).truth
    for box, number, mask in zip(truth.boxes, truth.classes, truth.masks, strict=True):
        np.testing.assert_array_equal(mask, moved.truth.segments[..., number])
        if mask.any():
            np.testing.assert_allclose(box, extent(mask), atol=1.0)


@given(seed=st.integers(0, 2**32), movements=st.lists(st.sampled_from(ALL_MOVEMENTS), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_boxes_without_masks_go_along(seed, movements):
    """An ellipse's box remains its extent, but for what the warp makes of the ellipse, and what is cut off."""
    seen = augment(boxed(), movements, np.random.default_rng(seed)).truth
    blind = augment(boxed(with_masks=False), movements, np.random.default_rng(seed)).truth
    for box, number in zip(blind.boxes, blind.classes, strict=True):
        beside = seen.boxes[seen.classes == number]
        if len(beside) and (box > 1).all() and (box[2:] < np.array([95, 79])).all():
            np.testing.assert_allclose(box, beside[0], atol=3.0)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_volumes_move_with_their_masks(seed):
    moved = augment(masked((20, 40, 36)), ALL_MOVEMENTS, np.random.default_rng(seed))
    first = moved.truth.segments[..., 0]
    assert moved.values.shape == (20, 40, 36)
    assert overlap(first, moved.values >= 0.55) > 0.85 or first.sum() < 150


@pytest.mark.parametrize("kind", VOCABULARY, ids=name_of)
def test_each_step_changes_something_and_leaves_its_input(kind):
    example = masked()
    values, segments = example.values.copy(), example.truth.segments.copy()
    changed = [augment(example, [step_of(kind)], np.random.default_rng(seed)) for seed in range(4)]
    np.testing.assert_array_equal(example.values, values)
    np.testing.assert_array_equal(example.truth.segments, segments)
    assert max(np.abs(each.values - values).max() for each in changed) > 1e-3
    for each in changed:
        assert each.values.dtype == np.float32
        assert each.values.shape == values.shape
        assert each.truth.segments.dtype == np.uint8
        assert np.isfinite(each.values).all()


@pytest.mark.parametrize("kind", [kind for kind in VOCABULARY if name_of(kind) in LOOKS], ids=name_of)
def test_a_change_of_look_leaves_the_truth_and_the_range(kind):
    example = masked()
    wide = type(example)(values=example.values * 2000 - 1000, truth=example.truth)
    for seed in range(5):
        changed = augment(wide, [step_of(kind)], np.random.default_rng(seed))
        assert changed.truth is wide.truth
        assert changed.values.min() >= wide.values.min() - 1e-2
        assert changed.values.max() <= wide.values.max() + 1e-2


@pytest.mark.parametrize("kind", [kind for kind in VOCABULARY if name_of(kind) in LOOKS], ids=name_of)
def test_looks_see_the_same_whatever_the_scale(kind):
    """A package with z-scores and one with 0..1 are changed alike."""
    example = masked()
    wide = type(example)(values=example.values * 8 - 3, truth=example.truth)
    narrow_changed, wide_changed = (
        augment(e, [step_of(kind)], np.random.default_rng(3)) for e in (example, wide)
    )
    np.testing.assert_allclose(narrow_changed.values * 8 - 3, wide_changed.values, atol=0.05)


def test_steps_for_images_are_refused_on_volumes():
    for kind in VOCABULARY:
        if name_of(kind) in FLAT_ONLY:
            with pytest.raises(TrainingRefused, match=f"'{name_of(kind)}' is for 2-D images"):
                augment(masked((8, 16, 16)), [step_of(kind)], np.random.default_rng(0))
        else:
            augment(masked((8, 16, 16)), [step_of(kind)], np.random.default_rng(0))


def test_movements_are_carried_out_in_the_order_of_the_recipe():
    """Turned and then stretched is not stretched and then turned."""
    steps = [Rotate(step="rotate", degrees=90), Stretch(step="stretch", largest=2)]
    rng = np.random.default_rng(5)
    rng.random(2)  # the chances of both
    turned, stretched = (MOVEMENTS[step.step](step, (96, 80), rng) for step in steps)
    wanted = move(masked(), stretched.after(turned), "least")
    np.testing.assert_array_equal(augment(masked(), steps, np.random.default_rng(5)).values, wanted.values)
    other = move(masked(), turned.after(stretched), "least")
    assert np.abs(other.values - wanted.values).max() > 0.1


def test_chance_decides_whether_a_step_is_taken():
    example = masked()
    never = Gamma(step="gamma", chance=0.0)
    assert augment(example, [never], np.random.default_rng(0)) is example
    sometimes = Gamma(step="gamma", chance=0.3)
    taken = [augment(example, [sometimes], np.random.default_rng(seed)) is not example for seed in range(300)]
    assert 0.2 < np.mean(taken) < 0.4


def test_one_of_the_greys_comes_in_from_outside():
    shift = Shift(step="shift", largest=0.3, outside=(0.0, 1.0, "median"))
    corners = {
        round(
            float(
                augment(masked(), [shift], np.random.default_rng(seed))
                .values[[0, -1, 0, -1], [0, -1, -1, 0]]
                .max()
            ),
            3,
        )
        for seed in range(20)
    }
    assert corners == {0.1, 1.0}


def test_the_seed_decides_everything():
    steps = [step_of(kind) for kind in VOCABULARY]
    first, again, other = (augment(boxed(), steps, np.random.default_rng(seed)) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.values, again.values)
    np.testing.assert_array_equal(first.truth.boxes, again.truth.boxes)
    assert np.abs(first.values - other.values).max() > 0.05


def test_a_flat_image_is_no_division_by_zero():
    example = masked()
    flat = type(example)(values=np.full_like(example.values, 5.0), truth=example.truth)
    changed = augment(flat, [step_of(kind) for kind in VOCABULARY], np.random.default_rng(0))
    assert np.isfinite(changed.values).all()


def test_the_vocabulary_of_cxr_lungs_1_0_0_is_there():
    """What the first shipped package was trained with can be named in a recipe (its movement, look and borders)."""
    steps = [
        Flip(step="flip"),
        Rotate(step="rotate", degrees=15),
        Scale(step="scale", largest=1.25),
        Stretch(step="stretch", largest=1.1),
        Shift(step="shift", largest=0.1),
        Elastic(step="elastic", chance=0.5, spread=0.02),
        *[step_of(kind) for kind in VOCABULARY if name_of(kind) in LOOKS],
        Borders(step="borders", widest=0.12),
    ]
    changed = augment(masked(), steps, np.random.default_rng(1))
    assert changed.truth.segments[..., 0].any()
