import numpy as np

from inference.gate.background import reason_inverted


def _volume():
    rng = np.random.default_rng(0)
    voxels = rng.normal(0, 20, (10, 80, 80)).astype(np.float32)
    voxels[:, 15:65, 15:65] += 400
    return voxels


def test_a_body_on_a_dark_ground_is_not_inverted():
    assert reason_inverted(_volume()) is None


def test_a_negative_is():
    assert "background is brighter" in reason_inverted(-_volume())


def test_a_field_cut_to_the_body_says_nothing():
    inside = _volume()[:, 20:60, 20:60]
    assert reason_inverted(inside) is None
    assert reason_inverted(-inside) is None


def test_coil_shading_is_no_inversion():
    shaded = _volume()[:, 20:60, 20:60] + np.abs(np.linspace(-1, 1, 40, dtype=np.float32)) * 8
    assert reason_inverted(shaded) is None
