import numpy as np
import pytest
from scipy.spatial.distance import pdist

from inference.measure.farthest import BLOCK_POINTS, farthest_distance


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_largest_of_all_distances(dimensions, seed):
    points = np.random.default_rng(seed).normal(1000, 1, (300, dimensions)) * [1, 5, 0.2][:dimensions]
    assert farthest_distance(points) == pytest.approx(pdist(points).max(), rel=1e-9)


def test_more_corners_than_one_block_holds():
    angle = np.linspace(0, 2 * np.pi, 3 * BLOCK_POINTS, endpoint=False)
    ring = np.stack([np.cos(angle), 1.001 * np.sin(angle)], axis=1)
    assert farthest_distance(ring) == pytest.approx(2.002)
