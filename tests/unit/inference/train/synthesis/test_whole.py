import numpy as np

from inference.train.split import Split
from inference.train.synthesis.tables import SynthesisTable
from inference.train.synthesis.whole import WHITE, draw_whole, drawn_case, drawn_split
from tests.unit.inference.train.synthesis.given import (
    SEGMENTS,
    SHAPE,
    affine,
    anatomy,
    case,
    numbers,
    plain_table,
)


def test_image_lies_on_the_label_volumes_own_grid():
    found = draw_whole(anatomy(), SynthesisTable(), np.random.default_rng(0))
    assert found.field.values.shape == SHAPE
    np.testing.assert_allclose(found.field.affine, affine())
    assert found.truth.segments.shape == (*SHAPE, 2)


def test_values_are_whole_numbers_from_black_to_white():
    values = draw_whole(anatomy(), SynthesisTable(), np.random.default_rng(0)).field.values
    assert values.min() == 0
    assert values.max() == WHITE
    np.testing.assert_array_equal(values, np.rint(values))


def test_without_deformation_the_truth_is_the_label_volumes():
    # The middle of the organ is not the middle of the volume; the whole is drawn around the volume's.
    truth = draw_whole(anatomy(), plain_table(), np.random.default_rng(0)).truth.segments
    np.testing.assert_array_equal(truth[..., 0], np.isin(numbers(), (2, 41)))
    np.testing.assert_array_equal(truth[..., 1], numbers() == 4)


def test_coarser_image_lies_in_the_same_place_of_the_patient():
    fine, coarse = (draw_whole(anatomy(), plain_table(), np.random.default_rng(0), each) for each in (1, 2))
    assert coarse.field.values.shape == (10, 12, 14)
    corners = [
        labelled.field.affine @ [*(np.array(labelled.field.values.shape) / 2 - 0.5), 1]
        for labelled in (fine, coarse)
    ]
    np.testing.assert_allclose(*corners)
    np.testing.assert_allclose(np.linalg.norm(coarse.field.affine[:3, :3], axis=0), 2.0)
    volumes = [int(labelled.truth.segments[..., 0].sum()) for labelled in (fine, coarse)]
    assert abs(8 * volumes[1] / volumes[0] - 1) < 0.15


def test_drawn_case_is_the_same_each_time_it_is_read():
    drawn = drawn_case(case(), SEGMENTS, SynthesisTable(), (1, 2))
    assert (drawn.name, drawn.patient) == ("head.nii", "head.nii")
    np.testing.assert_array_equal(drawn.read().field.values, drawn.read().field.values)
    other = drawn_case(case(), SEGMENTS, SynthesisTable(), (1, 3))
    assert not np.array_equal(drawn.read().field.values, other.read().field.values)


def test_every_case_of_a_split_has_a_draw_of_its_own():
    split = Split(training=(case(name="a"), case(name="b")), validation=(case(name="c"),))
    drawn = drawn_split(split, SEGMENTS, SynthesisTable(), seed=1)
    assert [each.name for each in (*drawn.training, *drawn.validation)] == ["a", "b", "c"]
    images = [each.read().field.values for each in (*drawn.training, *drawn.validation)]
    assert not any(np.array_equal(images[a], images[b]) for a, b in ((0, 1), (0, 2), (1, 2)))
