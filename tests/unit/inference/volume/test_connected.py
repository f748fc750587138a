import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from inference.volume.connected import meetings, parts_of
from inference.volume.runs import runs_of_mask

SHAPES = st.tuples(*[st.integers(1, 7)] * 3)
MASKS = hnp.arrays(np.uint8, SHAPES, elements=st.integers(0, 1))


@given(MASKS)
def test_the_parts_are_those_scipy_finds(mask):
    runs = runs_of_mask(mask)
    parts = parts_of(runs)
    drawn = np.zeros(mask.size, np.int64)
    drawn[runs.flat] = np.repeat(parts.number, runs.length) + 1
    expected, count = ndimage.label(mask)
    assert np.array_equal(drawn.reshape(mask.shape), expected)
    assert parts.voxels.tolist() == np.bincount(expected.ravel(), minlength=count + 1)[1:].tolist()


def test_of_equal_parts_the_first_comes_first():
    parts = parts_of(runs_of_mask(np.array([[1, 0, 1, 1, 0, 1, 1, 0, 1]])))
    assert parts.largest(3).tolist() == [1, 2, 0]


def test_nothing_has_no_parts():
    parts = parts_of(runs_of_mask(np.zeros((2, 3, 4))))
    assert (len(parts.number), len(parts.voxels), len(parts.largest(1))) == (0, 0, 0)


@pytest.mark.parametrize("axis", [None, 0, 1, 2])
@given(pair=SHAPES.flatmap(lambda shape: st.tuples(*[hnp.arrays(np.bool_, shape)] * 2)))
def test_meetings_are_counted_voxel_by_voxel(axis, pair):
    these, those = (runs_of_mask(each) for each in pair)
    moved = pair[0] if axis is None else np.roll(pair[0], 1, axis)
    if axis is not None:
        moved = moved & (np.indices(moved.shape)[axis] > 0)
    here, there, shared = meetings(these, those, axis)
    assert shared.sum() == np.count_nonzero(moved & pair[1])
    assert (shared > 0).all()
    assert len(set(zip(here.tolist(), there.tolist(), strict=True))) == len(here)
