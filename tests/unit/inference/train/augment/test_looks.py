"""What each change of look does, where it can be worked out."""

import numpy as np
import pytest

from inference.train.augment.annotations import annotations
from inference.train.augment.blur import blur
from inference.train.augment.contrast import contrast
from inference.train.augment.edges import edges
from inference.train.augment.gamma import gamma
from inference.train.augment.lines import lines
from inference.train.augment.low_dose import low_dose
from inference.train.augment.noise import noise
from inference.train.augment.opacities import opacities
from inference.train.augment.shade import shade
from inference.train.augment.tables import (
    Annotations,
    Blur,
    Contrast,
    Edges,
    Gamma,
    Lines,
    LowDose,
    Noise,
    Opacities,
    Shade,
)

GREY = np.full((80, 80), 0.5, np.float32)
RAMP = np.tile(np.linspace(0, 1, 80, dtype=np.float32), (80, 1))
STEP = np.tile((np.arange(80) >= 40).astype(np.float32) * 0.4 + 0.3, (80, 1))


def seeds(count=40):
    return [np.random.default_rng(seed) for seed in range(count)]


def test_fewer_photons_more_noise_and_more_where_more_is_absorbed():
    """Of n photons the standard deviation of -ln(count/n)/k is close to exp(k v / 2) / (k sqrt(n))."""
    step = LowDose(step="low_dose", photons=(1e5, 1e5), absorption=3.0)
    for value in (0.1, 0.8):
        changed = low_dose(np.full((200, 200), value, np.float32), step, np.random.default_rng(0))
        assert changed.std() == pytest.approx(np.exp(1.5 * value) / (3 * np.sqrt(1e5)), rel=0.05)
        assert changed.mean() == pytest.approx(value, abs=0.002)
    few = step.model_copy(update={"photons": (100.0, 100.0)})
    assert (
        low_dose(GREY, few, np.random.default_rng(0)).std()
        > 20 * low_dose(GREY, step, np.random.default_rng(0)).std()
    )
    one = step.model_copy(update={"photons": (1.0, 1.0)})
    assert np.isfinite(low_dose(GREY, one, np.random.default_rng(0))).all()


def test_noise_has_at_most_the_spread_that_is_given():
    spreads = [noise(GREY, Noise(step="noise", most=0.1), rng).std() for rng in seeds()]
    assert max(spreads) < 0.105
    assert max(spreads) > 0.08
    assert min(spreads) < 0.02


def test_gamma_keeps_black_white_and_the_order():
    for rng in seeds(8):
        changed = gamma(RAMP, Gamma(step="gamma"), rng)
        assert (changed[0, 0], changed[0, -1]) == (0, 1)
        assert (np.diff(changed[0]) >= 0).all()
    exponents = [
        np.log(gamma(GREY, Gamma(step="gamma", largest=2), rng)[0, 0]) / np.log(0.5) for rng in seeds(200)
    ]
    assert 0.5 <= min(exponents) < 0.55
    assert 1.8 < max(exponents) <= 2.0001


def test_contrast_is_a_straight_line_of_the_slope_that_is_drawn():
    slopes = []
    for rng in seeds():
        changed = contrast(RAMP, Contrast(step="contrast", factor=(0.5, 2.0), brightness=0.0), rng)
        np.testing.assert_allclose(np.diff(changed[0], 2), 0, atol=1e-5)
        slopes.append(changed[0, -1] - changed[0, 0])
    assert 0.5 <= min(slopes) < 0.7
    assert 1.8 < max(slopes) <= 2.0


def test_blur_softens_and_edges_sharpen():
    steepest = [
        np.abs(np.diff(step(STEP, table, rng)[40])).max()
        for step, table in ((blur, Blur(step="blur")), (edges, Edges(step="edges")))
        for rng in seeds(8)
    ]
    assert max(steepest[:8]) < 0.4 < min(steepest[8:])


def test_shade_is_slow():
    for rng in seeds(8):
        changed = shade(GREY, Shade(step="shade", most=0.5), rng)
        assert np.abs(np.diff(changed, axis=0)).max() < 0.05
        assert (changed > 0).all()


def test_opacities_only_brighten_and_stay_below_white():
    for rng in seeds(8):
        changed = opacities(GREY, Opacities(step="opacities"), rng)
        assert (changed >= 0.5 - 1e-6).all()
        assert changed.max() < 1.0


def test_lines_are_thin():
    for rng in seeds(8):
        changed = lines(GREY, Lines(step="lines", most=1), rng) > 0.5
        assert changed.mean() < 0.2
    assert np.mean([(lines(GREY, Lines(step="lines"), rng) > 0.5).any() for rng in seeds()]) > 0.9


def test_annotations_are_black_or_white_and_small():
    for rng in seeds(8):
        changed = annotations(GREY, Annotations(step="annotations", most=1), rng)
        assert set(np.unique(changed)) <= {0.0, 0.5, 1.0}
        assert (changed != 0.5).sum() <= 8 * 8
