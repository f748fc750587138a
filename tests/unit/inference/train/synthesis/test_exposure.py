import numpy as np
import pytest

from inference.package.steps import MinMax
from inference.train.synthesis.contrast import Palette
from inference.train.synthesis.exposure import expose
from tests.unit.inference.train.synthesis.given import anatomy

STEP = MinMax(step="min_max", lower_percentile=0.5, upper_percentile=99.5)
GREYS = Palette(
    mean=np.array([0.1, 0.5, 0.7, 0.5, 0.9], np.float32),  # air, right brain, ventricle, left brain, skin
    deviation=np.zeros(5, np.float32),
)


def exposed(values, palette=GREYS):
    image = np.array(values, np.float32).reshape(1, 1, -1)
    return expose(image, anatomy(), palette, STEP, np.random.default_rng(0)).ravel()


def test_black_and_white_are_those_of_the_whole_volume():
    np.testing.assert_allclose(exposed([0.1, 0.5, 0.9]), [0, 0.5, 1], atol=1e-5)


def test_window_of_air_alone_stays_dark():
    # Stretched by itself it would reach from 0 to 1.
    np.testing.assert_allclose(exposed([0.1, 0.11, 0.12]), [0, 0.0125, 0.025], atol=1e-5)


def test_what_lies_beyond_is_clipped():
    np.testing.assert_allclose(exposed([-3.0, 4.0]), [0, 1])


def test_texture_counts_for_the_percentiles():
    rough = Palette(mean=GREYS.mean, deviation=np.full(5, 0.1, np.float32))
    white, black = exposed([0.9, 0.1], rough)
    assert 0.75 < white < 0.95
    assert 0.05 < black < 0.25


def test_volume_of_one_grey_makes_no_division_by_nothing():
    even = Palette(mean=np.full(5, 0.4, np.float32), deviation=np.zeros(5, np.float32))
    assert exposed([0.4], even)[0] == pytest.approx(0)
