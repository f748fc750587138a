import numpy as np
import pytest

from inference.train.synthesis.contrast import draw_palette
from inference.train.synthesis.tables import Contrast
from tests.unit.inference.train.synthesis.given import anatomy

BRIGHT = {"mean": {"least": 0.5, "most": 1}, "deviation": {"least": 0.02, "most": 0.1}}


def palette(seed=0, **changes):
    table = Contrast.model_validate(BRIGHT | {"dark_outside": 0, "bare": 0} | changes)
    return draw_palette(anatomy(), table, np.random.default_rng(seed))


def means(found):
    return dict(zip(anatomy().numbers, found.mean.tolist(), strict=True))


def test_each_label_has_a_grey_of_its_own_within_the_range():
    found = palette()
    assert len(set(found.mean.tolist())) == 5
    assert ((found.mean >= 0.5) & (found.mean <= 1)).all()
    assert ((found.deviation >= 0.02) & (found.deviation <= 0.1)).all()


def test_another_draw_gives_another_order_of_greys():
    orders = {tuple(np.argsort(palette(seed).mean).tolist()) for seed in range(30)}
    assert len(orders) > 10


def test_labels_kept_together_share_their_grey():
    found = palette(together=[[2, 41]])
    grey = means(found)
    assert grey[2] == grey[41]
    assert found.deviation[1] == found.deviation[3]
    assert grey[4] not in (grey[2], grey[500])


def test_together_holds_too_where_its_first_label_is_not_there():
    grey = means(palette(together=[[99, 2, 41]]))
    assert grey[2] == grey[41]


def test_air_is_dark_where_drawn_so():
    grey = means(palette(dark_outside=1.0))
    assert grey[0] <= 0.05
    assert grey[500] >= 0.5


def test_bare_leaves_the_segments_alone():
    found = palette(bare=1.0)
    grey = means(found)
    assert grey[0] == grey[500] == 0
    assert found.deviation[[0, 4]].tolist() == [0, 0]
    assert min(grey[2], grey[4], grey[41]) >= 0.5


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_what_is_drawn_is_single_precision(share):
    assert palette(dark_outside=share).mean.dtype == np.float32
