"""There and back: what a step's way there does, its way back undoes."""

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.steps import CropToBody, MinMax, Orient, Pad, Resample, Resize
from inference.preprocess import STEPS
from inference.preprocess.field import Field
from inference.train.forward import boxes_after, cover_after
from tests.unit.inference.train.given import blobs, extent, overlap

PLANE, FIRST, _ = blobs((96, 80))
VOLUME, BLOB, _ = blobs((20, 24, 28))
AFFINE = np.array([[0, 0, 0.8, 3], [0, 0.9, 0, 5], [2.0, 0, 0, 7], [0, 0, 0, 1]])

FLAT = [
    Pad(step="pad", to="square", value=1.0),
    Pad(step="pad", to="multiple", multiple=64, value=-1024.0),
    Resize(step="resize", rows=48, columns=120),
    CropToBody(step="crop_to_body", above=0.3, margin=2),
    MinMax(step="min_max"),
]
DEEP = [
    Orient(step="orient", to="RAS"),
    Orient(step="orient", to="SLP"),
    Resample(step="resample", between_slices_mm=1.0, between_columns_mm=1.1),
    CropToBody(step="crop_to_body", above=0.3, margin=1),
]


def carried_out(values, step, affine=None):
    prepared = STEPS[step.step](Field(values=values, affine=affine), step)
    return prepared.field.values, prepared.undo


@pytest.mark.parametrize("step", FLAT[:-1], ids=lambda step: step.step)
def test_cover_lies_where_the_image_is_bright(step):
    image, undo = carried_out(PLANE, step)
    cover = cover_after(FIRST.astype(np.float32), undo, image.shape)
    assert cover.shape == image.shape
    padding = image == 1.0
    assert overlap(cover >= 0.5, (image >= 0.45) & ~padding) > 0.98


def test_a_change_of_intensities_moves_nothing():
    image, undo = carried_out(PLANE, FLAT[-1])
    np.testing.assert_array_equal(cover_after(FIRST.astype(np.float32), undo, image.shape), FIRST)


@pytest.mark.parametrize("step", DEEP, ids=lambda step: f"{step.step}-{getattr(step, 'to', '')}")
def test_cover_of_a_volume(step):
    image, undo = carried_out(VOLUME, step, AFFINE)
    cover = cover_after(BLOB.astype(np.float32), undo, image.shape)
    np.testing.assert_array_equal(cover >= 0.5, image >= 0.1 + 0.35)


def test_nothing_is_covered_where_padding_is():
    """Whatever the padding's value: it is no segment."""
    image, undo = carried_out(PLANE, FLAT[0])
    assert cover_after(FIRST.astype(np.float32), undo, image.shape).sum() == FIRST.sum()


@pytest.mark.parametrize("step", FLAT, ids=lambda step: step.step)
def test_boxes_go_there_as_they_come_back(step):
    image, undo = carried_out(PLANE, step)
    box = extent(FIRST)[None]
    there = boxes_after(box, undo)
    np.testing.assert_allclose(undo.boxes(there), box, atol=1e-3)
    cover = cover_after(FIRST.astype(np.float32), undo, image.shape)
    np.testing.assert_allclose(there[0], extent(cover > 0.5), atol=1.0)


def test_boxes_do_not_turn_with_a_volume():
    _, undo = carried_out(VOLUME, DEEP[0], AFFINE)
    with pytest.raises(TrainingRefused, match="leave it out of"):
        boxes_after(np.ones((1, 4), np.float32), undo)


def test_a_step_that_nobody_taught_the_way_there_is_an_error_of_the_program():
    with pytest.raises(TypeError, match="add it here"):
        cover_after(PLANE, object(), PLANE.shape)
    with pytest.raises(TypeError, match="add it here"):
        boxes_after(np.ones((1, 4), np.float32), object())
