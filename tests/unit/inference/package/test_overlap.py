import numpy as np
import pytest

from inference.package.overlap import areas, intersection_over_union

WHOLE, HALF, AWAY = [0, 0, 10, 10], [0, 0, 10, 5], [20, 20, 30, 30]


def _boxes(*corners):
    return np.array(corners, np.float32).reshape(-1, 4)


def test_each_box_with_each_other():
    values = intersection_over_union(_boxes(WHOLE, HALF), _boxes(WHOLE, AWAY, [5, 5, 15, 15]))
    np.testing.assert_allclose(values, [[1, 0, 25 / 175], [0.5, 0, 0]])


def test_rows_and_columns_are_both_asked():
    tall, wide = [0, 0, 10, 2], [0, 0, 2, 10]
    assert intersection_over_union(_boxes(tall), _boxes(wide)) == pytest.approx(4 / 36)
    assert intersection_over_union(_boxes(tall), _boxes([0, 2, 10, 4], [10, 0, 20, 2])).tolist() == [[0, 0]]


def test_boxes_without_area_overlap_nothing():
    nothing = [5, 5, 5, 5]
    assert intersection_over_union(_boxes(nothing), _boxes(WHOLE, nothing)).tolist() == [[0, 0]]


@pytest.mark.parametrize("exchanged", [[10, 0, 0, 10], [0, 10, 10, 0], [10, 10, 0, 0]])
def test_boxes_that_end_before_they_begin_overlap_nothing_not_even_themselves(exchanged):
    assert intersection_over_union(_boxes(exchanged), _boxes(exchanged, WHOLE)).tolist() == [[0, 0]]


@pytest.mark.filterwarnings("error")
def test_a_corner_that_is_no_number_overlaps_nothing():
    assert intersection_over_union(_boxes([0, np.nan, 10, 10]), _boxes(WHOLE)).tolist() == [[0]]


def test_no_boxes():
    assert intersection_over_union(_boxes(), _boxes(WHOLE)).shape == (0, 1)
    assert intersection_over_union(_boxes(WHOLE), _boxes()).shape == (1, 0)


def test_far_from_the_corner_nothing_is_lost_to_rounding():
    """Areas and their sum do not fit into float32, whose steps are 32 at 4e8."""
    found = intersection_over_union(_boxes([0, 0, 20000, 20001]), _boxes([0, 0, 20000, 20000]))
    assert found[0, 0] == pytest.approx(20000 / 20001, rel=1e-12)


def test_areas_are_in_square_pixels_and_never_negative():
    assert areas(_boxes(WHOLE, HALF, [5, 5, 5, 9], [9, 9, 3, 3], [9, 0, 3, 3])).tolist() == [100, 50, 0, 0, 0]
    assert areas(_boxes()).shape == (0,)
