import numpy as np
import pytest

from inference.postprocess.rules.scene import breach_of_parts, image_scene, not_judged, volume_scene
from inference.volume.connected import parts_of

NAMES = ("Organ", "Tumour")


def test_segments_by_their_labels(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    assert scene.segments["Tumour"].voxels == 2 * 4 * 4 + 4
    assert scene.voxel_mm3 == pytest.approx(0.75)
    assert scene.size(4000) == "3 mL"


def test_a_tilted_voxel_has_the_volume_of_its_upright_twin(labels, body, affine):
    tilted = affine.copy()
    tilted[1, 0] = 1.0
    assert volume_scene(labels, NAMES, body, tilted).voxel_mm3 == pytest.approx(0.75)


def test_an_image_is_one_slice_whose_segments_may_overlap():
    layers = np.ones((2, 3, 2), np.uint8)
    scene = image_scene(layers, NAMES, np.zeros((2, 3), np.float32), 0.25)
    assert scene.voxels.shape == (1, 2, 3)
    assert [runs.voxels for runs in scene.segments.values()] == [6, 6]
    assert scene.size(6) == "1.5 mm2"
    assert image_scene(layers, NAMES, np.zeros((2, 3), np.float32), None).size(6) == "6 pixels"


def test_without_leaves_the_scene_before_as_it_was(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    rest = scene.without("Tumour", np.ones(len(scene.segments["Tumour"].start), np.bool_))
    assert (rest.segments["Tumour"].voxels, scene.segments["Tumour"].voxels) == (0, 36)
    assert rest.segments["Organ"] is scene.segments["Organ"]


def test_parts_at_fault_are_counted_and_sized(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    parts = parts_of(scene.segments["Tumour"])
    breach = breach_of_parts(scene, "Tumour", parts, np.array([False, True]), "green")
    assert breach is not None
    assert breach.sentence == "1 of 2 parts of Tumour (0.003 mL): green"
    assert breach.offending is not None
    assert breach.offending.sum() == 2
    assert breach_of_parts(scene, "Tumour", parts, np.array([False, False]), "green") is None


def test_what_cannot_be_judged_is_said_and_removes_nothing():
    breach = not_judged("Tumour", "lies on the left", "nobody knows")
    assert breach.sentence == "whether Tumour lies on the left could not be judged: nobody knows"
    assert breach.offending is None
