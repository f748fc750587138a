import numpy as np
import pytest

from inference.package.rules import Excludes
from inference.postprocess.rules.excludes import excludes
from inference.postprocess.rules.scene import image_scene, volume_scene

NAMES = ("Organ", "Tumour")


def _rule(touching="forbidden"):
    return Excludes(rule="excludes", segment="Tumour", other="Organ", touching=touching)


def test_the_part_that_touches_is_at_fault(labels, body, affine):
    breach = excludes(volume_scene(labels, NAMES, body, affine), _rule())
    assert breach.sentence == "1 of 2 parts of Tumour (0.024 mL): touches Organ"
    assert breach.offending.tolist() == [True] * 8 + [False] * 2


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("direction", [-1, 1])
@pytest.mark.parametrize(("distance", "fires"), [(1, True), (2, False)])
def test_neighbours_in_every_direction_touch_and_diagonal_ones_do_not(
    axis, direction, distance, fires, affine
):
    labels = np.zeros((5, 5, 5), np.uint8)
    labels[2, 2, 2] = 1
    place = [2, 2, 2]
    place[axis] += direction * distance
    labels[tuple(place)] = 2
    voxels = np.zeros(labels.shape, np.float32)
    assert (excludes(volume_scene(labels, NAMES, voxels, affine), _rule()) is not None) == fires
    labels[tuple(place)] = 0
    labels[1, 1, 2] = 2
    assert excludes(volume_scene(labels, NAMES, voxels, affine), _rule()) is None


def test_where_touching_is_allowed_only_overlap_counts():
    layers = np.zeros((4, 8, 2), np.uint8)
    layers[:, :4, 0] = layers[:, 4:, 1] = 1
    image = np.zeros((4, 8), np.float32)
    assert excludes(image_scene(layers, NAMES, image, 1.0), _rule("allowed")) is None
    assert "touches" in excludes(image_scene(layers, NAMES, image, 1.0), _rule()).sentence
    layers[2, 4, 0] = 1
    assert "overlaps Organ" in excludes(image_scene(layers, NAMES, image, 1.0), _rule("allowed")).sentence
