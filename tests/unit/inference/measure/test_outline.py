import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import ConvexHull

from inference.measure.outline import outermost_corners
from inference.volume.runs import runs_of_mask

MASKS = hnp.arrays(np.bool_, st.tuples(*[st.integers(1, 5)] * 3)).filter(np.any)


def test_a_voxel_has_eight_corners():
    mask = np.zeros((3, 3, 3))
    mask[1, 2, 0] = 1
    corners = outermost_corners(runs_of_mask(mask))
    assert {tuple(corner) for corner in corners} == {
        (s, r, c) for s in (0.5, 1.5) for r in (1.5, 2.5) for c in (-0.5, 0.5)
    }


@given(MASKS)
def test_they_span_what_all_corners_span(mask):
    every = np.argwhere(mask)[:, None] + np.array(np.meshgrid(*[(-0.5, 0.5)] * 3)).reshape(3, -1).T
    every = every.reshape(-1, 3)
    some = outermost_corners(runs_of_mask(mask))
    assert {tuple(each) for each in some} <= {tuple(each) for each in every}
    assert np.isclose(ConvexHull(some).volume, ConvexHull(every).volume)
