import numpy as np

from inference.train.synthesis.bias_field import uneven
from inference.train.synthesis.place import Grid
from inference.train.synthesis.tables import BiasField

GRID = Grid(shape=(24, 24, 24), spacing_mm=(2.0, 2.0, 2.0))
STRONG = BiasField.model_validate({"deviation": {"least": 0.5, "most": 0.5}, "between_mm": 30})


def test_none_leaves_the_image_as_it_is():
    none = BiasField.model_validate({"deviation": {"least": 0, "most": 0}})
    image = np.random.default_rng(1).random((24, 24, 24), np.float32)
    np.testing.assert_allclose(uneven(image, GRID, none, np.random.default_rng(0)), image, rtol=1e-6)


def test_is_a_smooth_positive_factor():
    factor = uneven(np.ones((24, 24, 24), np.float32), GRID, STRONG, np.random.default_rng(0))
    assert factor.min() > 0
    assert 0.1 < np.log(factor).std() < 0.5
    assert np.abs(np.diff(np.log(factor), axis=1)).max() < 0.2


def test_black_stays_black():
    assert not uneven(np.zeros((24, 24, 24), np.float32), GRID, STRONG, np.random.default_rng(0)).any()
