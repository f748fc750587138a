import numpy as np

from inference.package.steps import MinMax
from inference.train.synthesis.synthesise import synthesise
from inference.train.synthesis.tables import SynthesisTable
from tests.unit.inference.train.synthesis.given import CENTRED, GRID, anatomy, plain_table

STEP = MinMax(step="min_max", lower_percentile=0.5, upper_percentile=99.5)


def draw(table=None, seed=0):
    return synthesise(anatomy(), GRID, STEP, table or SynthesisTable(), np.random.default_rng(seed))


def test_example_is_of_the_grid_and_within_serving_range():
    example = draw()
    assert example.values.shape == GRID.shape
    assert example.values.dtype == np.float32
    assert example.values.min() >= 0
    assert example.values.max() <= 1
    assert example.truth.segments.shape == (*GRID.shape, 2)


def test_same_seed_same_example_and_another_seed_another():
    np.testing.assert_array_equal(draw(seed=3).values, draw(seed=3).values)
    np.testing.assert_array_equal(draw(seed=3).truth.segments, draw(seed=3).truth.segments)
    assert not np.array_equal(draw(seed=3).values, draw(seed=4).values)


def test_image_and_truth_lie_on_each_other():
    # Without texture, blur and deformation each label is one grey, and the ventricle is exactly where its grey is.
    example = draw(plain_table(), seed=2)
    brain, ventricle = (example.truth.segments[..., k] > 0 for k in range(2))
    assert ventricle.sum() == 3 * 4 * 4
    (grey,) = np.unique(example.values[ventricle])
    assert grey not in np.unique(example.values[brain])


def test_image_and_truth_are_bent_together():
    turned = {"rotation_degrees": 45, "mirror": 0.5}
    example = draw(plain_table(deformation=turned), seed=2)
    ventricle = example.truth.segments[..., 1] > 0
    still = draw(plain_table(), seed=2).truth.segments[..., 1] > 0
    assert not np.array_equal(ventricle, still)
    inside, around = example.values[ventricle], example.values[example.truth.segments[..., 0] > 0]
    assert abs(np.median(inside) - np.median(around)) > 3 * inside.std()


def test_contrast_is_another_each_time():
    def brain_is_brighter(seed):
        example = draw(SynthesisTable.model_validate({"window": CENTRED}), seed)
        brain, ventricle = (example.truth.segments[..., k] > 0 for k in range(2))
        return ventricle.any() and example.values[brain].mean() > example.values[ventricle].mean()

    brighter = sum(brain_is_brighter(seed) for seed in range(40))
    assert 8 <= brighter <= 32
