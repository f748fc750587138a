import numpy as np

from inference.train.synthesis.tables import Tone
from inference.train.synthesis.tone import bent, exposed

GREYS = np.linspace(0, 1, 11, dtype=np.float32)


def gain(factor):
    return Tone.model_validate({"gain": {"least": factor, "most": factor}})


def test_power_keeps_black_white_and_the_order():
    seen = bent(GREYS, Tone(gamma=1.0), np.random.default_rng(3))
    assert seen[0] == 0
    assert seen[-1] == 1
    assert (np.diff(seen) > 0).all()
    assert not np.allclose(seen, GREYS, atol=0.02)


def test_powers_lie_on_both_sides_of_one():
    halves = [bent(GREYS, Tone(gamma=0.5), np.random.default_rng(seed))[5] for seed in range(30)]
    assert min(halves) < 0.45
    assert max(halves) > 0.55
    np.testing.assert_allclose(bent(GREYS, Tone(gamma=0), np.random.default_rng(0)), GREYS)


def test_values_below_black_become_black():
    assert bent(np.array([-0.1], np.float32), Tone(), np.random.default_rng(0)).tolist() == [0.0]


def test_gain_is_clipped_at_white():
    np.testing.assert_allclose(exposed(GREYS, gain(0.5), np.random.default_rng(0)), GREYS / 2)
    np.testing.assert_allclose(exposed(GREYS, gain(2.0), np.random.default_rng(0)), np.minimum(2 * GREYS, 1))
