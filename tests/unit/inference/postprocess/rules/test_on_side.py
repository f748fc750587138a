import numpy as np
import pytest

from inference.package.rules import OnSide
from inference.postprocess.rules.on_side import on_side
from inference.postprocess.rules.scene import image_scene, volume_scene

NAMES = ("Organ", "Tumour")


def _judge(scene, segment, side, above=-500):
    return on_side(scene, OnSide(rule="on_side", segment=segment, side=side, body_above=above))


def test_left_is_where_patient_coordinates_grow(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    assert _judge(scene, "Organ", "left") is None
    breach = _judge(scene, "Organ", "right")
    assert breach.sentence == "Organ (1.27 mL): not on the patient's right of the middle of the body"


def test_only_the_part_on_the_wrong_side_is_at_fault(labels, body, affine):
    breach = _judge(volume_scene(labels, NAMES, body, affine), "Tumour", "left")
    assert breach.sentence.startswith("1 of 2 parts of Tumour (0.003 mL)")
    assert breach.offending.tolist() == [False] * 8 + [True] * 2


@pytest.mark.parametrize(("last", "side"), [(24, "right"), (37, "left")])
def test_a_part_lies_where_its_centre_lies_not_where_it_begins(labels, body, affine, last, side):
    labels[:] = 0
    labels[3, 20, 10 : last + 1] = 1
    assert _judge(volume_scene(labels, NAMES, body, affine), "Organ", side) is None


def test_a_mirrored_grid_changes_nothing(labels, body, affine):
    mirror = np.eye(4)
    mirror[2, 2], mirror[2, 3] = -1, 39
    scene = volume_scene(labels[:, :, ::-1].copy(), NAMES, body[:, :, ::-1].copy(), affine @ mirror)
    assert _judge(scene, "Organ", "left") is None
    assert _judge(scene, "Organ", "right") is not None


def test_the_middle_is_the_bodys_not_the_grids(labels, body, affine):
    shifted = np.full_like(body, -1000)
    shifted[:, :, 30:] = 100
    assert _judge(volume_scene(labels, NAMES, shifted, affine), "Organ", "left") is not None


def test_what_is_not_known_is_said(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    assert "no body above 5000 was found" in _judge(scene, "Organ", "left", above=5000).sentence
    image = image_scene(np.ones((4, 4, 2), np.uint8), NAMES, np.ones((4, 4), np.float32), 1.0)
    assert "no patient coordinates" in _judge(image, "Organ", "left", above=0).sentence


@pytest.mark.parametrize("side", ["left", "right"])
def test_nothing_is_said_of_what_was_not_found(labels, body, affine, side):
    assert _judge(volume_scene(labels * (labels == 1), NAMES, body, affine), "Tumour", side) is None
