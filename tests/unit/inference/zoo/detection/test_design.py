import pytest

from inference.zoo.detection.design import Design


def test_anchors_are_as_many_as_cells_times_scales_times_ratios():
    design = Design(
        rows=64, columns=96, classes=1, strides=(8, 16), anchor_scales=(4.0,), anchor_ratios=(0.5, 2.0)
    )
    assert design.anchors_a_cell == 2
    assert design.anchors.shape == ((8 * 12 + 4 * 6) * 2, 4)


@pytest.mark.parametrize("strides", [(8, 32), (16, 8), (6, 12), (0,), (3,)])
def test_strides_that_do_not_double_are_refused(strides):
    with pytest.raises(ValueError, match="each twice the one before"):
        Design(rows=96, columns=96, classes=1, strides=strides)


def test_a_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="use multiples of 32"):
        Design(rows=256, columns=250, classes=1)


@pytest.mark.parametrize(
    "empty", [{"classes": 0}, {"strides": ()}, {"anchor_scales": ()}, {"anchor_ratios": ()}]
)
def test_nothing_to_look_for_is_refused(empty):
    with pytest.raises(ValueError, match="at least one"):
        Design(**({"rows": 64, "columns": 64, "classes": 1} | empty))
