from typing import get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.package.steps import CropToBody, MinMax, Orient, Pad, PreprocessStep, Resample, Resize
from inference.preprocess import STEPS, preprocess
from inference.preprocess.field import Field


def test_every_step_of_the_manifest_has_its_function():
    union = get_args(PreprocessStep)[0]
    vocabulary = [get_args(table.model_fields["step"].annotation)[0] for table in get_args(union)]
    assert vocabulary == list(STEPS)


def test_steps_are_taken_in_order_and_can_be_undone():
    pixels = np.linspace(0, 9, 40 * 20, dtype=np.float32).reshape(40, 20)
    steps = [MinMax(step="min_max"), Pad(step="pad", to="square"), Resize(step="resize", rows=80, columns=80)]
    field, undos = preprocess(Field(values=pixels, affine=None), steps)
    assert field.values.shape == (80, 80)
    assert len(undos) == 3
    maps = field.values[..., np.newaxis]
    for undo in reversed(undos):
        maps = undo.maps(maps)
    assert maps.shape == (40, 20, 1)
    assert np.abs(maps[5:-5, 5:-5, 0] - pixels[5:-5, 5:-5] / 9).max() < 0.02


def _codes():
    return st.permutations(["LR", "AP", "IS"]).flatmap(
        lambda axes: st.tuples(*[st.sampled_from(each) for each in axes]).map("".join)
    )


def _affines():
    """Any turn of the patient, tilted a little, with voxels of any size."""
    numbers = st.floats(-0.3, 0.3)
    return st.builds(
        lambda axes, signs, shear, size: np.vstack(
            [
                np.hstack(
                    [(np.eye(3)[list(axes)] * signs + np.reshape(shear, (3, 3))) * size, [[1], [2], [3]]]
                ),
                [0, 0, 0, 1],
            ]
        ),
        st.permutations([0, 1, 2]),
        st.tuples(*[st.sampled_from([-1, 1])] * 3),
        st.lists(numbers, min_size=9, max_size=9),
        st.tuples(*[st.floats(0.4, 6)] * 3),
    )


SHAPES = st.tuples(*[st.integers(1, 14)] * 3)


@settings(deadline=None)
@given(SHAPES, _affines(), _codes(), st.integers(1, 5), st.integers(0, 3), st.randoms())
def test_what_moves_whole_voxels_gives_back_every_label(shape, affine, code, multiple, margin, random):
    labels = np.random.default_rng(random.randint(0, 2**32)).integers(0, 4, shape).astype(np.uint8)
    steps = [
        Orient(step="orient", to=code),
        # Nothing of the labels is cut away: every label is bright.
        CropToBody(step="crop_to_body", above=-1, margin=margin),
        Pad(step="pad", to="multiple", multiple=multiple),
        Pad(step="pad", to="square"),
    ]
    field, undos = preprocess(Field(values=labels.astype(np.float32), affine=affine), steps)
    back = field.values.astype(np.uint8)
    for undo in reversed(undos):
        back = undo.labels(back)
    assert np.array_equal(back, labels)


@settings(deadline=None)
@given(SHAPES, _affines(), _codes(), st.floats(0.5, 5))
def test_whatever_the_steps_the_label_map_has_the_sources_shape(shape, affine, code, spacing_mm):
    steps = [
        Orient(step="orient", to=code),
        Resample(step="resample", between_slices_mm=spacing_mm, between_columns_mm=spacing_mm),
        CropToBody(step="crop_to_body", above=0.5, margin=1),
        Resize(step="resize", rows=9, columns=12, slices=5),
        Pad(step="pad", to="size", slices=8),
    ]
    values = np.random.default_rng(0).random(shape, np.float32)
    field, undos = preprocess(Field(values=values, affine=affine), steps)
    assert field.values.shape == (8, 9, 12)
    back = np.ones(field.values.shape, np.uint8)
    for undo in reversed(undos):
        back = undo.labels(back)
    assert back.shape == shape
    assert set(np.unique(back)) <= {0, 1}
