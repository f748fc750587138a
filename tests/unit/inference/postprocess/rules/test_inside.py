import numpy as np
import pytest

from inference.package.rules import Inside
from inference.postprocess.rules.inside import inside
from inference.postprocess.rules.scene import image_scene, volume_scene

NAMES = ("Organ", "Tumour", "Vessel")


def _rule(share=0.5, others=("Organ",)):
    return Inside(rule="inside", segment="Tumour", others=list(others), share=share)


def test_in_a_volume_what_is_surrounded_is_inside_and_the_crumb_is_not(labels, body, affine):
    breach = inside(volume_scene(labels, NAMES, body, affine), _rule(share=1))
    expected = "1 of 2 parts of Tumour (0.003 mL): not inside Organ, less than 100% of the surface borders it"
    assert breach.sentence == expected
    assert breach.offending.tolist() == [False] * 8 + [True] * 2


def _capped(affine):
    """A tumour of one voxel that looks out of the organ through one face across the slices, 0.25 of 6.5 mm2."""
    labels = np.zeros((4, 5, 5), np.uint8)
    labels[:3, 1:4, 1:4] = 1
    labels[2, 2, 2] = 2
    return volume_scene(labels, NAMES, np.zeros(labels.shape, np.float32), affine)


@pytest.mark.parametrize(("share", "fires"), [(6.25 / 6.5 - 1e-6, False), (6.25 / 6.5 + 1e-6, True)])
def test_the_surface_is_counted_in_mm2(affine, share, fires):
    assert (inside(_capped(affine), _rule(share)) is not None) == fires


@pytest.mark.parametrize(("share", "fires"), [(5 / 6 - 1e-6, False), (5 / 6 + 1e-6, True)])
def test_with_cubes_every_face_is_worth_the_same(share, fires):
    assert (inside(_capped(np.eye(4)), _rule(share)) is not None) == fires


def test_what_the_end_of_the_volume_cuts_counts_for_neither(affine):
    labels = np.ones((3, 5, 5), np.uint8)
    labels[0, 0, 0] = labels[2, 4, 4] = 2
    scene = volume_scene(labels, NAMES, np.zeros(labels.shape, np.float32), affine)
    assert inside(scene, _rule(share=1)) is None


def test_several_others_count_together(labels, body, affine):
    labels[3:5, 12:16, 28] = 3
    scene = volume_scene(labels, NAMES, body, affine)
    assert inside(scene, _rule(share=1, others=("Organ", "Vessel"))).sentence.startswith("1 of 2")
    assert inside(scene, _rule(share=1)).sentence.startswith("2 of 2")


def test_what_fills_the_volume_lies_in_nothing(affine):
    labels = np.full((2, 3, 3), 2, np.uint8)
    scene = volume_scene(labels, NAMES, np.zeros(labels.shape, np.float32), affine)
    assert inside(scene, _rule(share=0.01)) is not None


@pytest.mark.parametrize(("share", "fires"), [(0.75, False), (0.76, True)])
def test_in_an_image_pixels_are_counted(share, fires):
    layers = np.zeros((4, 8, 3), np.uint8)
    layers[:, :5, 0] = 1
    layers[1:3, 2:6, 1] = 1  # six of eight pixels within
    layers[1, 3, 2] = 1
    scene = image_scene(layers, NAMES, np.zeros((4, 8), np.float32), None)
    for others in (("Organ",), ("Organ", "Vessel")):
        assert (inside(scene, _rule(share, others)) is not None) == fires


def test_nothing_is_said_of_what_was_not_found(labels, body, affine):
    assert inside(volume_scene(labels * (labels == 1), NAMES, body, affine), _rule()) is None
