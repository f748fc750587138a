import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.steps import CropToBody, MinMax, Orient, Pad, Resample, Resize, ZScore
from inference.preprocess import preprocess
from inference.preprocess.field import Field
from inference.train.case import Boxes, Case, Class, Labelled, Mask
from inference.train.prepare import prepare, prepare_all
from tests.unit.inference.train.given import blobs, boxed, extent, masked, overlap

STEPS = [
    MinMax(step="min_max"),
    Pad(step="pad", to="square"),
    Resize(step="resize", rows=64, columns=64),
]


def case_of(example, affine=None, facts=None):
    labelled = Labelled(field=Field(values=example.values, affine=affine), truth=example.truth)
    return Case(name="a.png", patient="p", facts=facts or {}, read=lambda: labelled)


def test_the_image_is_what_serving_makes_of_it():
    example = prepare(case_of(masked()), STEPS)
    served, _ = preprocess(Field(values=masked().values, affine=None), STEPS)
    np.testing.assert_array_equal(example.values, served.values)
    assert example.values.dtype == np.float32


def test_masks_lie_on_their_image():
    example = prepare(case_of(masked()), STEPS)
    assert example.truth.segments.shape == (64, 64, 2)
    assert example.truth.segments.dtype == np.uint8
    assert overlap(example.truth.segments[..., 0], example.values >= 0.7) > 0.97


def test_a_crop_that_the_image_decides_is_done_to_the_mask_as_well():
    steps = [CropToBody(step="crop_to_body", above=0.6, margin=1), ZScore(step="z_score")]
    example = prepare(case_of(masked()), steps)
    assert example.values.shape < masked().values.shape
    np.testing.assert_array_equal(example.truth.segments[..., 0], example.values > 0)


def test_volumes_with_their_masks():
    affine = np.array([[0, 0, 1.0, 0], [0, 1.0, 0, 0], [2.0, 0, 0, 0], [0, 0, 0, 1]])
    steps = [Orient(step="orient", to="RAS"), Resample(step="resample", between_slices_mm=1.0)]
    example = prepare(case_of(masked((16, 24, 20)), affine), steps)
    assert example.values.shape == (32, 24, 20)
    assert overlap(example.truth.segments[..., 0], example.values >= 0.45) > 0.97


def test_boxes_and_their_masks():
    example = prepare(case_of(boxed()), STEPS)
    for box, mask in zip(example.truth.boxes, example.truth.masks, strict=True):
        np.testing.assert_allclose(box, extent(mask), atol=1.0)
    assert example.truth.masks.shape == (2, 64, 64)


def test_a_box_that_is_cropped_away_is_gone():
    values, first, _ = blobs()
    truth = Boxes(
        boxes=np.array([[0, 0, 5, 5], extent(first)], np.float32), classes=np.array([7, 8], np.int32)
    )
    crop = [CropToBody(step="crop_to_body", above=0.6)]
    found = prepare(case_of(type(masked())(values=values, truth=truth)), crop).truth
    assert found.classes.tolist() == [8]
    np.testing.assert_array_equal(found.boxes[0], [0, 0, *(extent(first)[2:] - extent(first)[:2])])


def test_the_group_is_the_class_or_a_fact():
    example = type(masked())(values=masked().values, truth=Class(shares=np.array([0, 1], np.float32)))
    case = case_of(example, facts={"sex": "f"})
    assert prepare(case, STEPS, "class").group == "1"
    assert prepare(case, STEPS, "sex").group == "f"
    assert prepare(case, STEPS).group == ""
    with pytest.raises(TrainingRefused, match="no fact 'device'"):
        prepare(case, STEPS, "device")


def test_a_mask_of_another_grid_is_refused_with_its_case():
    example = masked()
    smaller = type(example)(values=example.values, truth=Mask(segments=example.truth.segments[:-1]))
    with pytest.raises(TrainingRefused, match=r"a\.png is of 96 x 80, but its mask of 95 x 80"):
        prepare(case_of(smaller), STEPS)


def test_what_preprocessing_refuses_is_refused_with_the_case():
    with pytest.raises(TrainingRefused, match=r"a\.png: the package turns volumes"):
        prepare(case_of(masked()), [Orient(step="orient", to="LPS")])


def test_values_that_are_no_numbers_are_refused():
    example = masked()
    values = example.values.copy()
    values[3, 3] = np.nan
    with pytest.raises(TrainingRefused, match=r"a\.png has values that are no numbers"):
        prepare(case_of(type(example)(values=values, truth=example.truth)), [])


def test_all_in_their_order_and_counted():
    cases = [case_of(masked((32 + k, 40))) for k in range(9)]
    done = []
    examples = prepare_all(cases, [], done=lambda: done.append(1))
    assert [len(example.values) for example in examples] == [32 + k for k in range(9)]
    assert len(done) == 9
