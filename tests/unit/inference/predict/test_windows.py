import numpy as np
import pytest

from inference.predict.windows import constant, gaussian, overlap_along, starts_along, tile


@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 0.75])
@pytest.mark.parametrize("length", [8, 9, 15, 16, 17, 31, 100])
def test_every_voxel_is_covered_and_the_overlap_is_kept(length, overlap):
    starts = starts_along(length, 8, overlap)
    assert (starts[0], starts[-1]) == (0, length - 8)
    steps = np.diff(starts)
    assert (steps > 0).all()
    assert steps.max(initial=0) <= 8 * (1 - overlap)


def test_windows_are_no_more_than_needed_and_evenly_spread():
    assert starts_along(20, 8, 0.5) == (0, 4, 8, 12)
    assert starts_along(21, 8, 0.5) == (0, 3, 6, 10, 13)


def test_a_small_volume_lies_in_the_middle_of_its_only_window():
    assert starts_along(5, 8, 0.5) == (-1,)
    assert starts_along(8, 8, 0.5) == (0,)


def test_a_window_of_one_moves_by_one():
    assert starts_along(3, 1, 0.75) == (0, 1, 2)


def test_what_a_window_covers():
    assert overlap_along(-1, 8, 5) == (slice(0, 5), slice(1, 6))
    assert overlap_along(3, 8, 20) == (slice(3, 11), slice(0, 8))
    assert overlap_along(3, 8, 6) == (slice(3, 6), slice(0, 3))


@pytest.mark.parametrize("window", [1, 2, 7, 8, 160])
def test_gaussian_weights_are_whole_symmetric_and_heaviest_in_the_middle(window):
    weights = gaussian(window)
    assert weights.dtype == np.float32
    assert (weights == np.rint(weights)).all()
    assert (weights == weights[::-1]).all()
    assert weights.min() >= 1
    assert weights[(window - 1) // 2] == weights.max()
    assert (np.diff(weights[: (window + 1) // 2]) >= 0).all()


def test_gaussian_weights_are_those_of_the_formula():
    assert gaussian(17)[8] == 63
    assert gaussian(16)[11] == round(63 * np.exp(-((3.5 / 2) ** 2) / 2))


def test_constant_weights_are_one():
    assert (constant(4) == 1).all()


def test_where_windows_do_not_meet_nothing_is_weighed():
    tiling = tile((9, 12, 20), (1, 12, 10), overlap=0.5, blend="gaussian")
    assert [(weights == 1).all() for weights in tiling.weights] == [True, True, False]
    assert (tile((9, 12, 20), (3, 6, 10), overlap=0.0, blend="gaussian").weights[2] == 1).all()


@pytest.mark.parametrize("blend", ["gaussian", "constant"])
@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.75])
def test_the_totals_are_the_sums_of_all_windows(overlap, blend):
    tiling = tile((11, 4, 30), (4, 6, 8), overlap=overlap, blend=blend)
    summed = np.zeros(tiling.shape)
    weights = (
        tiling.weights[0][:, None, None] * tiling.weights[1][None, :, None] * tiling.weights[2][None, None, :]
    )
    for start in tiling.positions():
        parts = [overlap_along(start[axis], tiling.patch[axis], tiling.shape[axis]) for axis in range(3)]
        summed[tuple(inside for inside, _ in parts)] += weights[tuple(within for _, within in parts)]
    product = (
        tiling.totals(0)[:, None, None] * tiling.totals(1)[None, :, None] * tiling.totals(2)[None, None, :]
    )
    assert (summed > 0).all()
    assert (product == summed).all()


@pytest.mark.parametrize("patch", [1, 2, 3, 5, 8, 16, 64, 160])
@pytest.mark.parametrize("overlap", [0.5, 0.7, 0.75])
def test_no_total_leaves_the_whole_numbers_of_float32(patch, overlap):
    heaviest = max(
        tile((length, 1, 1), (patch, 1, 1), overlap=overlap, blend="gaussian").totals(0).max()
        for length in range(patch, 4 * patch + 1)
    )
    assert heaviest**3 <= 2**24


def test_windows_come_in_slice_order():
    positions = list(tile((20, 9, 9), (4, 8, 8), overlap=0.5, blend="gaussian").positions())
    assert len(positions) == len(set(positions)) == 9 * 2 * 2
    assert [start[0] for start in positions] == sorted(start[0] for start in positions)
