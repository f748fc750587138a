import numpy as np
import pytest

from inference.predict.rolling_slab import RollingSlab
from inference.predict.windows import tile


class Handed:
    """Keeps a copy of what is handed out: the slab's own memory is used again."""

    def __init__(self):
        self.first, self.maps = [], []

    def __call__(self, first, layers):
        self.first.append(first)
        self.maps.append([layer.copy() for layer in layers])

    def layer(self, number):
        return np.concatenate([maps[number] for maps in self.maps])


def _blend(tiling, window_at, *, layers=1, channels=2):
    handed = Handed()
    slab = RollingSlab(tiling, layers=layers, channels=channels, on_blended=handed)
    for start in tiling.positions():
        slab.add(start, window_at(start))
    slab.finish()
    return handed


SHAPES = [((11, 13, 17), (4, 6, 8)), ((3, 13, 5), (4, 6, 8)), ((1, 1, 1), (4, 6, 8)), ((9, 6, 8), (1, 6, 8))]


@pytest.mark.parametrize("blend", ["gaussian", "constant"])
@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 0.75])
@pytest.mark.parametrize(("shape", "patch"), SHAPES)
def test_one_everywhere_is_exactly_one(shape, patch, overlap, blend):
    tiling = tile(shape, patch, overlap=overlap, blend=blend)
    handed = _blend(tiling, lambda _: [np.ones((*patch, 2), np.float32)])
    assert handed.layer(0).shape == (*shape, 2)
    assert (handed.layer(0) == 1.0).all()


@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.75])
@pytest.mark.parametrize(("shape", "patch"), SHAPES)
def test_every_slice_is_handed_out_once_and_in_order(shape, patch, overlap):
    tiling = tile(shape, patch, overlap=overlap, blend="gaussian")
    handed = _blend(tiling, lambda _: [np.ones((*patch, 2), np.float32)])
    ends = np.cumsum([maps[0].shape[0] for maps in handed.maps])
    assert handed.first == [0, *ends[:-1]]
    assert ends[-1] == shape[0]


def test_windows_that_differ_are_weighed():
    tiling = tile((3, 1, 1), (2, 1, 1), overlap=0.5, blend="gaussian")
    assert tiling.starts[0] == (0, 1)
    said = {0: [0.2, 0.4], 1: [0.8, 0.6]}
    handed = _blend(
        tiling, lambda start: [np.array(said[start[0]], np.float32).reshape(2, 1, 1, 1)], channels=1
    )
    assert handed.layer(0).ravel() == pytest.approx([0.2, 0.6, 0.6])


def test_the_middle_of_a_window_counts_more_than_its_edge():
    tiling = tile((24, 1, 1), (16, 1, 1), overlap=0.5, blend="gaussian")
    assert tiling.starts[0] == (0, 8)
    handed = _blend(
        tiling, lambda start: [np.full((16, 1, 1, 1), float(start[0] == 8), np.float32)], channels=1
    )
    second = handed.layer(0).ravel()
    first_weight, second_weight = tiling.weights[0][8:], tiling.weights[0][:8]
    assert second[8:16] == pytest.approx(second_weight / (first_weight + second_weight))
    assert (second[:8].max(), second[16:].min()) == (0, 1)


def test_layers_are_blended_each_for_itself():
    tiling = tile((6, 2, 2), (2, 2, 2), overlap=0.5, blend="gaussian")
    handed = _blend(tiling, lambda _: [np.full((2, 2, 2, 2), p, np.float32) for p in (0.0, 1.0)], layers=2)
    assert (handed.layer(0) == 0).all()
    assert (handed.layer(1) == 1).all()


def test_it_holds_no_more_slices_than_a_window():
    tiling = tile((400, 4, 4), (8, 4, 4), overlap=0.5, blend="gaussian")
    handed = _blend(tiling, lambda _: [np.ones((8, 4, 4, 2), np.float32)])
    assert max(maps[0].shape[0] for maps in handed.maps) <= 8
