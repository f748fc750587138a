import numpy as np
import pytest

from inference.train.augment.borders import borders
from inference.train.augment.tables import Borders
from inference.train.case import Boxes, Mask

STEP = Borders(step="borders", widest=0.4)
VALUES = np.full((60, 50), 0.5, np.float32)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_found_under_a_bar(seed):
    truth = Mask(segments=np.ones((60, 50, 2), np.uint8))
    bordered, seen = borders(VALUES, truth, STEP, np.random.default_rng(seed))
    barred = bordered != 0.5
    np.testing.assert_array_equal(seen.segments[..., 0], ~barred)
    assert set(np.unique(bordered[barred])) <= {0.0, 1.0}
    assert not barred[30, 25], "the middle stays"


def test_bars_come_on_every_side_and_are_not_wider_than_they_may():
    barred = np.array(
        [
            borders(VALUES, Mask(segments=np.ones((60, 50, 1), np.uint8)), STEP, np.random.default_rng(s))[0]
            != 0.5
            for s in range(60)
        ]
    )
    middle = barred[:, 30], barred[:, :, 25]
    for side in (middle[0][:, 0], middle[0][:, -1], middle[1][:, 0], middle[1][:, -1]):
        assert 0.25 < side.mean() < 0.75
    assert not barred[:, 24:36, 20:30].any()


def test_boxes_are_cut_to_what_is_seen():
    truth = Boxes(
        boxes=np.array([[0, 0, 60, 50], [0, 0, 2, 2]], np.float32),
        classes=np.array([3, 4], np.int32),
        masks=np.ones((2, 60, 50), np.uint8),
    )
    for seed in range(8):
        bordered, seen = borders(VALUES, truth, STEP, np.random.default_rng(seed))
        rows, columns = np.flatnonzero(bordered[:, 25] == 0.5), np.flatnonzero(bordered[30] == 0.5)
        np.testing.assert_array_equal(seen.boxes[0], [rows[0], columns[0], rows[-1] + 1, columns[-1] + 1])
        np.testing.assert_array_equal(seen.masks[0], bordered == 0.5)
        assert (4 in seen.classes) == (rows[0] < 2 and columns[0] < 2)
