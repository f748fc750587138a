import numpy as np

from inference.preprocess.field import Field, Unchanged, moved, with_intensities


def test_a_step_of_intensities_keeps_the_place_and_leads_back_to_itself():
    field = Field(values=np.zeros((2, 3), np.float32), affine=np.eye(4))
    prepared = with_intensities(field, np.ones((2, 3)))
    assert prepared.field.affine is field.affine
    assert (prepared.field.values.dtype, prepared.field.values.sum()) == (np.float32, 6)
    maps, labels, boxes = np.ones((2, 3, 1)), np.ones((2, 3), np.uint8), np.ones((1, 4))
    assert prepared.undo.maps(maps) is maps
    assert prepared.undo.labels(labels) is labels
    assert Unchanged().boxes(boxes) is boxes


def test_moved_follows_a_voxel_to_its_place():
    affine = np.array([[0, 0, 2.0, 10], [0, 3.0, 0, 20], [5.0, 1, 0, 30], [0, 0, 0, 1]])
    new = moved(affine, [2.0, 1.0, 0.5], [1.0, 0.0, -4.0])
    index, old = np.array([3, 4, 5, 1]), np.array([3 * 2 + 1, 4, 5 * 0.5 - 4, 1])
    assert np.allclose(new @ index, affine @ old)


def test_an_image_moves_in_its_plane_and_a_projection_nowhere():
    new = moved(np.eye(4), [2.0, 3.0], [0.5, 1.0])
    assert (new @ [0, 1, 1, 1]).tolist() == [0, 2.5, 4.0, 1]
    assert moved(None, [2.0, 3.0], [0.5, 1.0]) is None
