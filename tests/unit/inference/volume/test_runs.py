import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inference.volume.runs import runs_of_labels, runs_of_mask

MAPS = hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 7)] * 3), elements=st.integers(0, 3))


@given(MAPS)
def test_the_runs_are_the_voxels_of_each_segment(labels):
    for number, runs in enumerate(runs_of_labels(labels, 3), start=1):
        assert runs.flat.tolist() == np.flatnonzero(labels == number).tolist()
        assert runs.voxels == np.count_nonzero(labels == number)
        drawn = np.zeros_like(labels)
        runs.fill(drawn, number)
        assert np.array_equal(drawn, np.where(labels == number, labels, 0))


@given(MAPS)
def test_a_run_is_as_long_as_it_can_be_and_lies_in_one_row(labels):
    for number, runs in enumerate(runs_of_labels(labels, 3), start=1):
        padded = np.pad(labels, ((0, 0), (0, 0), (1, 1)))
        begins = (padded[..., 1:-1] == number) & (padded[..., :-2] != number)
        assert len(runs.start) == np.count_nonzero(begins)
        assert (runs.start // labels.shape[2] == (runs.stop - 1) // labels.shape[2]).all()


def test_where_they_lie():
    labels = np.zeros((3, 4, 5), np.uint8)
    labels[1, 2, 1:4] = labels[2, 3, 4] = 1
    (runs,) = runs_of_labels(labels, 1)
    assert [runs.slices.tolist(), runs.rows.tolist(), runs.columns.tolist()] == [[1, 2], [2, 3], [1, 4]]
    assert runs.length.tolist() == [3, 1]
    assert runs.box == ((1, 2, 1), (3, 4, 5))
    assert runs.only(np.array([False, True])).box == ((2, 3, 4), (3, 4, 5))


def test_a_view_in_another_order_gives_the_same():
    labels = np.random.default_rng(0).integers(0, 3, (4, 5, 6)).astype(np.uint8)
    turned = np.ascontiguousarray(labels[::-1].transpose(2, 0, 1)).transpose(1, 2, 0)[::-1]
    assert np.array_equal(turned, labels)
    for one, other in zip(runs_of_labels(labels, 2), runs_of_labels(turned, 2), strict=True):
        assert np.array_equal(one.flat, other.flat)


def test_an_image_is_one_slice():
    runs = runs_of_mask(np.array([[0, 2, 2], [1, 0, 0]]))
    assert runs.shape == (1, 2, 3)
    assert runs.flat.tolist() == [1, 2, 3]


def test_a_grid_that_would_only_be_copied_is_refused():
    (runs,) = runs_of_labels(np.ones((2, 2, 2), np.uint8), 1)
    with pytest.raises(ValueError, match="not in C order"):
        runs.fill(np.zeros((2, 2, 2), np.uint8).T, 1)


def test_nothing_has_no_runs():
    runs = runs_of_labels(np.zeros((2, 2, 2), np.uint8), 2)
    assert [each.voxels for each in runs] == [0, 0]
