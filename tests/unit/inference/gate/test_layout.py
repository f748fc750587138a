import numpy as np
import pytest

from inference.gate.layout import likeness, reasons_of_layout, thumbnail_of
from inference.package.envelope import Envelope

ONE = np.ones(1, np.float32)
UPRIGHT = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], np.float64)
"""Slices towards the head, rows towards posterior, columns towards left."""


def _picture(seed, *shape):
    """Bright below, a dark part up on the left, and noise of its own."""
    values = np.random.default_rng(seed).normal(0, 0.1, shape).astype(np.float32)
    values += np.linspace(0, 1, shape[0], dtype=np.float32).reshape(-1, *[1] * (len(shape) - 1))
    values[..., shape[-2] // 5 : shape[-2] // 2, shape[-1] // 8 : shape[-1] // 3] -= 1
    return values


def _envelope(*shape):
    affine = UPRIGHT if len(shape) == 3 else None
    seen = np.stack([thumbnail_of(_picture(seed, *shape), affine) for seed in range(20)])
    return Envelope(percentiles=ONE, lowest=ONE, highest=ONE, thumbnails=seen, least_alike=0.6)


class TestThumbnail:
    @pytest.mark.parametrize("shape", [(16, 24), (24, 16, 8)])
    def test_equal_parts_are_averaged(self, shape):
        values = np.random.default_rng(0).random(shape).astype(np.float32)
        parts = [length for size in shape for length in (8, size // 8)]
        means = values.reshape(parts).mean(axis=tuple(range(1, 2 * len(shape), 2)))
        expected = means - means.mean()
        affine = UPRIGHT if len(shape) == 3 else None
        assert thumbnail_of(values, affine) == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)

    @pytest.mark.parametrize("shape", [(3, 50, 41), (20, 9, 7)])
    def test_sizes_that_do_not_divide_keep_their_weight(self, shape):
        ramp = np.broadcast_to(np.linspace(0, 1, shape[0]).reshape(-1, 1, 1), shape).astype(np.float32)
        seen = thumbnail_of(ramp, UPRIGHT)
        assert seen.shape == (8, 8, 8)
        assert (np.diff(seen[:, 4, 4]) >= 0).all()
        assert seen[:, 4, 4] == pytest.approx(-seen[::-1, 4, 4], abs=1e-5)

    def test_how_it_is_stored_makes_no_difference(self):
        picture = _picture(0, 20, 24, 28)
        flipped = UPRIGHT * [-1, 1, -1, 1]
        assert np.allclose(
            thumbnail_of(picture[::-1, :, ::-1], flipped), thumbnail_of(picture, UPRIGHT), atol=1e-6
        )

    def test_a_blank_one_has_no_direction(self):
        assert not thumbnail_of(np.full((20, 20), 3, np.float32), None).any()


def test_likeness_is_of_the_nearest_three():
    seen = np.eye(4, dtype=np.float32)[:, :, None]
    assert likeness(seen[0], seen) == pytest.approx(1 / 3)


@pytest.mark.parametrize("shape", [(60, 50), (30, 40, 50)])
def test_pictures_of_the_same_kind_give_no_reason(shape):
    affine = UPRIGHT if len(shape) == 3 else None
    for seed in range(100, 110):
        assert reasons_of_layout(_picture(seed, *shape), affine, _envelope(*shape)) == ()


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (lambda v: v[::-1], "looks upside down:"),
        (lambda v: v[::-1, ::-1], "looks upside down and turned over"),
        (lambda v: np.rot90(v), "turned by a quarter the other way"),
        (lambda v: np.rot90(v, -1), "turned by a quarter:"),
        (lambda v: 1 - v, "inverted in its intensities"),
        (lambda v: np.random.default_rng(5).random(v.shape).astype(np.float32), "unlike the training images"),
    ],
)
def test_a_projection_that_is_turned_is_told(turn, reason):
    (told,) = reasons_of_layout(turn(_picture(100, 60, 50)), None, _envelope(60, 50))
    assert reason in told


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (lambda v: v[:, ::-1], "front for back:"),
        (lambda v: v[:, ::-1, ::-1], "front for back and left for right"),
        (lambda v: v[::-1], "head for feet:"),
        (lambda v: v[::-1, :, ::-1], "head for feet and left for right"),
        (lambda v: v[::-1, ::-1], "head for feet and front for back"),
        (lambda v: -v, "inverted in its intensities"),
    ],
)
def test_a_volume_that_is_turned_is_told(turn, reason):
    (told,) = reasons_of_layout(turn(_picture(100, 30, 40, 50)), UPRIGHT, _envelope(30, 40, 50))
    assert reason in told


def test_without_thumbnails_nothing_is_said():
    bare = Envelope(percentiles=ONE, lowest=ONE, highest=ONE)
    picture = _picture(0, 60, 50)[::-1]
    assert reasons_of_layout(picture, None, bare) == reasons_of_layout(picture, None, None) == ()
    assert reasons_of_layout(picture, None, _envelope(30, 40, 50)) == ()
