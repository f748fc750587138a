import numpy as np

from inference.package.envelope import read_envelope
from inference.package.steps import MinMax, Pad
from inference.train.envelope import MARGIN, PERCENTILES, formats, write_envelope

STEPS = [MinMax(step="min_max"), Pad(step="pad", to="square")]


def test_each_picture_counts_upright_and_lying_too():
    picture = np.arange(100 * 50, dtype=np.float32).reshape(100, 50)
    whole, upright, lying = formats(picture)
    np.testing.assert_array_equal(whole, picture)
    np.testing.assert_array_equal(upright, picture[:, 5:45])
    np.testing.assert_array_equal(lying, picture[10:90])


def test_limits_hold_every_format_with_a_margin(tmp_path):
    rng = np.random.default_rng(0)
    pictures = [rng.random((60, 60)).astype(np.float32) ** power for power in (0.5, 2.0)]
    write_envelope(tmp_path / "envelope.npz", pictures, STEPS)
    envelope = read_envelope(tmp_path)
    assert envelope is not None
    assert tuple(envelope.percentiles) == PERCENTILES
    medians = [np.median(picture) for picture in pictures]
    middle = PERCENTILES.index(50)
    assert envelope.lowest[middle] <= min(medians) - MARGIN + 0.02
    assert envelope.highest[middle] >= max(medians) + MARGIN - 0.02
    assert envelope.lowest.min() >= 0.0
    assert envelope.highest.max() <= 1.0
