import numpy as np
import pytest

from inference.package.rules import VolumeBetween
from inference.postprocess.rules.scene import image_scene, volume_scene
from inference.postprocess.rules.volume_between import volume_between

NAMES = ("Organ", "Tumour")


def _judge(scene, **limits):
    return volume_between(scene, VolumeBetween(rule="volume_between", segment="Tumour", **limits))


# 36 voxels of 0.75 mm3: 0.027 mL
@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"at_least_ml": 0.03}, "at least 0.03 mL"),
        ({"at_most_ml": 0.02}, "at most 0.02 mL"),
        ({"at_least_ml": 0.03, "at_most_ml": 1}, "0.03 to 1 mL"),
    ],
)
def test_too_small_or_too_large_is_told_with_the_figures(labels, body, affine, limits, expected):
    breach = _judge(volume_scene(labels, NAMES, body, affine), **limits)
    assert breach.sentence == f"Tumour has a volume of 0.027 mL, expected {expected}"
    assert breach.offending.all()


def test_within_is_well(labels, body, affine):
    scene = volume_scene(labels, NAMES, body, affine)
    assert _judge(scene, at_least_ml=0.02, at_most_ml=0.03) is None


def test_nothing_is_said_of_what_was_not_found(labels, body, affine):
    assert _judge(volume_scene(labels * (labels == 1), NAMES, body, affine), at_least_ml=1) is None


def test_an_image_cannot_be_judged():
    scene = image_scene(np.ones((4, 4, 2), np.uint8), NAMES, np.zeros((4, 4), np.float32), 1.0)
    assert "could not be judged: an image has no volume" in _judge(scene, at_least_ml=1).sentence
