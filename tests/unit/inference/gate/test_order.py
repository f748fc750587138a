import numpy as np
import pytest

from inference.gate.order import reasons_shuffled


def _body(slices=30):
    """Tissue that widens towards the feet, with noise."""
    row, column = np.mgrid[0:120, 0:140]
    widths = np.linspace(20, 50, slices)
    voxels = np.stack([np.where(np.hypot(row - 60, column - 70) < width, 40.0, -1000.0) for width in widths])
    return (voxels + np.random.default_rng(0).normal(0, 30, voxels.shape)).astype(np.float32)


def test_a_body_in_order_gives_no_reason():
    assert reasons_shuffled(_body()) == ()
    assert reasons_shuffled(_body()[::-1]) == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_shuffled_one_does(seed):
    body = _body()
    (told,) = reasons_shuffled(body[np.random.default_rng(seed).permutation(len(body))])
    assert "out of order" in told


def test_slices_that_alternate_in_brightness_are_in_order():
    body = _body()
    body[::2] *= 1.05
    assert reasons_shuffled(body) == ()


def test_noise_on_one_and_the_same_slice_cannot_be_judged():
    one = _body()[:1].repeat(30, axis=0) + np.random.default_rng(1).normal(0, 1, (30, 120, 140))
    assert reasons_shuffled(one.astype(np.float32)) == ()


def test_few_slices_cannot_be_judged():
    assert reasons_shuffled(_body(30)[[5, 1, 9, 2, 20, 3, 8]]) == ()


def test_slices_smaller_than_the_points_are_judged():
    thin = _body()[:, ::12, ::14]
    assert reasons_shuffled(thin) == ()
    assert reasons_shuffled(thin[np.random.default_rng(0).permutation(30)]) != ()
