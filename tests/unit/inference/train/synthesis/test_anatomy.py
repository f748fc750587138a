import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.preprocess.field import Field
from inference.train.synthesis.anatomy import anatomy_of, read_anatomy
from tests.unit.inference.train.synthesis.given import SEGMENTS, affine, anatomy, case, head, numbers


def test_codes_stand_for_the_numbers_and_have_a_rim_of_background():
    found = anatomy()
    assert found.numbers == (0, 2, 4, 41, 500)
    np.testing.assert_array_equal(np.array(found.numbers)[found.codes[1:-1, 1:-1, 1:-1]], numbers())
    assert found.codes[0].max() == found.codes[:, -1].max() == found.codes[..., 0].max() == 0


def test_segments_are_counted_from_one_in_the_order_given():
    found = anatomy()
    assert dict(zip(found.numbers, found.segment.tolist(), strict=True)) == {0: 0, 2: 1, 4: 2, 41: 1, 500: 0}
    assert found.segments == 2


def test_centre_is_the_middle_of_all_segments():
    # Slices 6 to 15, rows 6 to 17, columns 6 to 21; the rim adds one.
    np.testing.assert_allclose(anatomy().centre, [11.5, 12.5, 14.5])


def test_volume_is_turned_upright_whatever_its_order():
    # Head first, front to back, left to right: the slices and columns run the other way.
    turned = affine()
    turned[:3, 0], turned[:3, 2] = -turned[:3, 0], -turned[:3, 2]
    turned[:3, 3] += affine()[:3, :3] @ [19, 0, 27]
    found = anatomy_of(Field(values=numbers()[::-1, :, ::-1], affine=turned), SEGMENTS, "head.nii")
    np.testing.assert_array_equal(found.codes, anatomy().codes)
    np.testing.assert_allclose(found.affine, affine())


def test_spacing_is_that_of_slices_rows_columns():
    np.testing.assert_allclose(anatomy((3.0, 2.0, 1.5)).spacing_mm, [3.0, 2.0, 1.5])


def test_volume_without_any_of_the_labels_is_refused():
    with pytest.raises(TrainingRefused, match=r"head\.nii has none of the labels"):
        anatomy_of(head(), ((77,), (78,)), "head.nii")


@pytest.mark.parametrize("value", [0.5, -1.0, 1e9])
def test_values_that_are_no_label_numbers_are_refused(value):
    values = numbers()
    values[0, 0, 0] = value
    with pytest.raises(TrainingRefused, match=r"head\.nii holds values that are no label numbers"):
        anatomy_of(Field(values=values, affine=affine()), SEGMENTS, "head.nii")


def test_more_labels_than_can_be_told_apart_are_refused():
    values = numbers()
    values[0].flat[:300] = np.arange(1000, 1300)
    with pytest.raises(TrainingRefused, match="holds 305 labels"):
        anatomy_of(Field(values=values, affine=affine()), SEGMENTS, "head.nii")


def test_case_without_a_place_in_the_patient_is_refused():
    with pytest.raises(TrainingRefused, match=r"head\.nii is no volume"):
        read_anatomy(case(Field(values=numbers(), affine=None)), SEGMENTS)
