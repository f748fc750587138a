import numpy as np
import pytest

from inference.encode.polyline import simplify


def _circle(points):
    angle = np.linspace(0, 2 * np.pi, points)
    line = 100 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    line[-1] = line[0]
    return line


def _area(line):
    x, y = line.T
    return abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


@pytest.mark.parametrize("points", [61, 200, 1201, 1202, 9000])
def test_a_circle_stays_round(points):
    line = simplify(_circle(points), 60)
    assert len(line) <= 60
    assert line[0].tolist() == line[-1].tolist()
    assert _area(line) == pytest.approx(np.pi * 100**2, rel=0.01)


def test_a_short_line_stays_as_it_is():
    line = _circle(30)
    assert np.array_equal(simplify(line, 60), line)


def test_corners_stay_and_what_lies_between_them_goes():
    side = np.linspace(0, 1, 50, endpoint=False)
    square = np.concatenate(
        [
            np.stack([side, 0 * side], -1),
            np.stack([1 + 0 * side, side], -1),
            np.stack([1 - side, 1 + 0 * side], -1),
            np.stack([0 * side, 1 - side], -1),
        ]
    )
    line = simplify(np.vstack([square, square[:1]]), 5)
    assert sorted(map(tuple, line[:-1].round(6).tolist())) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_points_on_a_straight_go_even_where_there_is_room():
    line = np.array([[0, 0], [1, 0], [2, 0], [2, 2], [0, 2], [0, 1], [0, 0]], float)
    assert simplify(line, 60).tolist() == [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
