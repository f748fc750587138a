import numpy as np

from inference.train.synthesis.place import Grid, Place, draw_place
from inference.train.synthesis.read_off import POINTS, labels_at
from inference.train.synthesis.tables import Deformation
from tests.unit.inference.train.synthesis.given import SHAPE, STILL, anatomy, numbers


def identity():
    """Every voxel of the anatomy, rim and all."""
    sizes = [size + 2 for size in SHAPE]
    indices = np.indices(sizes).astype(np.float32)
    return Place(coordinates=(indices[0], indices[1], indices[2]), matrix=np.eye(3))


def test_four_points_of_a_voxel_as_large_as_the_anatomys_lie_in_it():
    found = list(labels_at(anatomy(), identity()))
    assert len(found) == 4
    for codes in found:
        np.testing.assert_array_equal(codes, anatomy().codes)


def test_points_of_a_larger_voxel_reach_into_its_parts():
    twice = Grid(shape=(8, 8, 8), spacing_mm=(2.0, 2.0, 2.0))
    still = Deformation.model_validate(STILL)
    place = draw_place(anatomy(), twice, still, anatomy().centre, np.random.default_rng(0))
    found = np.stack(list(labels_at(anatomy(), place)))
    # The grid's voxels lie exactly on eight voxels of the anatomy each; along a slice's axis two points see either.
    parts = (
        anatomy()
        .codes[4:20, 5:21, 7:23]
        .reshape(8, 2, 8, 2, 8, 2)
        .transpose(0, 2, 4, 1, 3, 5)
        .reshape(8, 8, 8, 8)
    )
    for voxel in np.ndindex(8, 8, 8):
        assert set(found[(slice(None), *voxel)]) <= set(parts[voxel])
    assert (found != found[0]).any()


def test_beyond_the_volume_is_background():
    far = np.full((1, 1, 1), 1e4, np.float32)
    place = Place(coordinates=(far, -far, far), matrix=np.eye(3))
    assert [codes.item() for codes in labels_at(anatomy(), place)] == [0, 0, 0, 0]


def test_points_are_spread_evenly():
    np.testing.assert_allclose(POINTS.mean(axis=0), 0)
    distances = {round(float(np.linalg.norm(a - b)), 6) for a in POINTS for b in POINTS if (a != b).any()}
    assert len(distances) == 1


def test_numbers_are_the_sources():
    found = next(labels_at(anatomy(), identity()))
    np.testing.assert_array_equal(np.array(anatomy().numbers)[found][1:-1, 1:-1, 1:-1], numbers())
