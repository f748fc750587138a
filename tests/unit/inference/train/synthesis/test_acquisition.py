import numpy as np
import pytest

from inference.train.synthesis.acquisition import acquire
from inference.train.synthesis.place import Grid
from inference.train.synthesis.tables import Acquisition

GRID = Grid(shape=(24, 24, 24), spacing_mm=(2.0, 2.0, 2.0))


def table(spacing=1.0, thick=0.0, thick_mm=6.0, noise=0.0):
    return Acquisition.model_validate(
        {
            "spacing_mm": {"least": spacing, "most": spacing},
            "thick": thick,
            "thick_mm": {"least": thick_mm, "most": thick_mm},
            "noise": {"least": noise, "most": noise},
        }
    )


def stripes(axis):
    """One voxel white, one black: the finest there is."""
    image = np.zeros((24, 24, 24), np.float32)
    np.moveaxis(image, axis, 0)[::2] = 1
    return image


def test_finer_than_the_grid_changes_nothing():
    image = np.random.default_rng(0).random((24, 24, 24), np.float32)
    np.testing.assert_array_equal(acquire(image, GRID, table(), np.random.default_rng(0)), image)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_coarser_voxels_see_no_fine_stripes(axis):
    seen = acquire(stripes(axis), GRID, table(spacing=4.0), np.random.default_rng(0))
    np.testing.assert_allclose(seen[4:-4, 4:-4, 4:-4], 0.5, atol=0.1)


def test_thick_slices_blur_one_axis_alone():
    images = [acquire(stripes(axis), GRID, table(thick=1.0), np.random.default_rng(3)) for axis in range(3)]
    blurred = [float(image[4:-4, 4:-4, 4:-4].std()) < 0.1 for image in images]
    assert sum(blurred) == 1


def test_each_axis_may_be_the_thick_one():
    found = set()
    for seed in range(12):
        seen = [
            acquire(stripes(axis), GRID, table(thick=1.0), np.random.default_rng(seed)) for axis in range(3)
        ]
        found.add(int(np.argmin([image.std() for image in seen])))
    assert found == {0, 1, 2}


def test_what_is_even_stays_even_and_in_its_place():
    even = np.full((24, 24, 24), 0.7, np.float32)
    np.testing.assert_allclose(
        acquire(even, GRID, table(spacing=5.0), np.random.default_rng(0)), 0.7, rtol=1e-5
    )
    ramp = np.broadcast_to(np.arange(24, dtype=np.float32), (24, 24, 24))
    seen = acquire(ramp, GRID, table(spacing=4.0), np.random.default_rng(0))
    np.testing.assert_allclose(seen[..., 6:-6], ramp[..., 6:-6], atol=0.05)


def test_noise_is_as_strong_as_said_and_that_of_the_coarse_grid():
    black = np.zeros((24, 24, 24), np.float32)
    fine = acquire(black, GRID, table(noise=0.05), np.random.default_rng(0))
    assert fine.std() == pytest.approx(0.05, rel=0.05)
    coarse = acquire(black, GRID, table(spacing=4.0, noise=0.05), np.random.default_rng(0))
    neighbours = np.corrcoef(coarse[:-1].ravel(), coarse[1:].ravel())[0, 1]
    assert neighbours > 0.5
    assert abs(np.corrcoef(fine[:-1].ravel(), fine[1:].ravel())[0, 1]) < 0.05
