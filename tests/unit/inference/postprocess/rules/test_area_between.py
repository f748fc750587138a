import numpy as np
import pytest

from inference.package.rules import AreaBetween
from inference.postprocess.rules.area_between import area_between
from inference.postprocess.rules.scene import image_scene, volume_scene

NAMES = ("Organ", "Tumour")


def _scene(pixel_mm2=0.25, marked=12):
    layers = np.zeros((4, 4, 2), np.uint8)
    layers.reshape(-1, 2)[:marked, 1] = 1
    return image_scene(layers, NAMES, np.zeros((4, 4), np.float32), pixel_mm2)


def _judge(scene, **limits):
    return area_between(scene, AreaBetween(rule="area_between", segment="Tumour", **limits))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({"at_least_mm2": 4}, "at least 4 mm2"), ({"at_most_mm2": 2}, "at most 2 mm2")],
)
def test_too_small_or_too_large_is_told_with_the_figures(limits, expected):
    breach = _judge(_scene(), **limits)
    assert breach.sentence == f"Tumour has an area of 3 mm2, expected {expected}"
    assert breach.offending.all()


def test_within_is_well_and_nothing_is_said_of_what_was_not_found():
    assert _judge(_scene(), at_least_mm2=3, at_most_mm2=3) is None
    assert _judge(_scene(marked=0), at_least_mm2=3) is None


def test_what_is_not_known_is_said(labels, body, affine):
    assert "gives no pixel spacing" in _judge(_scene(pixel_mm2=None), at_most_mm2=2).sentence
    assert "a volume has no area" in _judge(volume_scene(labels, NAMES, body, affine), at_most_mm2=2).sentence
