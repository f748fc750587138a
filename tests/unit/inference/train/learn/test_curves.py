import numpy as np
import pytest
from PIL import Image

from inference.train.learn.checkpoint import Epoch
from inference.train.learn.curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_curves, place_in_panel


def test_the_least_lies_at_the_bottom_and_the_last_at_the_right():
    points = place_in_panel([1.0, 3.0, 2.0])
    floor, ceiling = HEIGHT - BOTTOM, TOP
    assert points == [
        (LEFT, floor),
        (pytest.approx((LEFT + WIDTH - RIGHT) / 2), ceiling),
        (pytest.approx(WIDTH - RIGHT), pytest.approx((floor + ceiling) / 2)),
    ]


def test_one_epoch_and_one_value_have_a_place():
    assert place_in_panel([0.5]) == [(LEFT, HEIGHT - BOTTOM)]
    assert {down for _, down in place_in_panel([0.5, 0.5])} == {HEIGHT - BOTTOM}


def test_the_picture_shows_a_line_where_the_values_lie(tmp_path):
    curve = [Epoch(loss=loss, score=1 - loss) for loss in (1.0, 0.5, 0.0)]
    draw_curves(tmp_path / "curves.png", curve)
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.size == (WIDTH, 2 * HEIGHT)
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    blue = pixels[..., 2] - pixels[..., 0] > 100
    middle = (LEFT + WIDTH - RIGHT) // 2
    for top in (0, HEIGHT):
        rows = np.flatnonzero(blue[top : top + HEIGHT, middle])
        assert abs(rows.mean() - (TOP + HEIGHT - BOTTOM) / 2) < 2
    # The loss falls from the left, the score rises.
    assert blue[: HEIGHT // 2, LEFT + 20].any()
    assert not blue[HEIGHT : HEIGHT + HEIGHT // 2, LEFT + 20].any()
