import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Boxes, Class, Mask
from inference.train.truths import classes_in, cut_to_image, group_of, require_every_class, require_present
from tests.unit.inference.train.given import boxed, classed, masked


def test_boxes_are_cut_and_small_rests_left_out():
    truth = Boxes(
        boxes=np.array([[-5, 2, 5, 8], [1, 9.5, 4, 30], [3, 3, 6, 6]], np.float32),
        classes=np.array([4, 5, 6], np.int32),
        masks=np.arange(3, dtype=np.uint8)[:, None, None] * np.ones((1, 10, 10), np.uint8),
    )
    cut = cut_to_image(truth, (10, 10))
    np.testing.assert_array_equal(cut.boxes, [[0, 2, 5, 8], [3, 3, 6, 6]])
    np.testing.assert_array_equal(cut.classes, [4, 6])
    np.testing.assert_array_equal(cut.masks[:, 0, 0], [0, 2])
    assert cut_to_image(truth, (10, 10), least_share=0.6).classes.tolist() == [6]


def test_which_classes_are_there():
    assert classes_in(Class(shares=np.array([0.3, 0, 0.7], np.float32))) == (0, 2)
    assert classes_in(boxed().truth) == (0, 1)
    segments = masked().truth.segments.copy()
    segments[..., 0] = 0
    assert classes_in(Mask(segments=segments)) == (1,)


def test_groups():
    assert group_of(masked().truth, {}, "class") == "0 1"
    assert group_of(masked().truth, {"sex": "f"}, "sex") == "f"
    assert group_of(masked().truth, {}, "") == ""


def test_a_class_or_segment_that_no_example_has_is_refused():
    with pytest.raises(
        TrainingRefused, match=r"has anything of class or segment 1 \(counted.*, class or segment 2 "
    ):
        require_every_class([classed(0), classed(0)])
    require_every_class([classed(0), classed(1), classed(2)])
    require_every_class([masked()])
    masked_away = masked()
    masked_away.truth.segments[..., 1] = 0
    with pytest.raises(TrainingRefused, match="class or segment 1 "):
        require_every_class([masked_away])
    require_every_class([masked_away, masked()])
    require_every_class([boxed()])


def test_what_is_empty_is_told_by_its_name():
    names = ("class 'ap'", "class 'pa'", "class 'lateral'")
    with pytest.raises(
        TrainingRefused, match=r"no training case has anything of class 'pa', class 'lateral'; label some"
    ):
        require_every_class([classed(0), classed(0)], names)


def test_a_class_without_a_box_is_told_where_classes_are_named():
    names = ("class 'left'", "class 'right'", "class 'third'")
    with pytest.raises(TrainingRefused, match="anything of class 'third';"):
        require_every_class([boxed()], names)
    require_every_class([boxed()], names[:2])


def test_what_is_present_is_told_by_number():
    with pytest.raises(TrainingRefused, match="anything of b;"):
        require_present({0, 2}, ("a", "b", "c"))
    require_present({0, 1, 2}, ("a", "b", "c"))
