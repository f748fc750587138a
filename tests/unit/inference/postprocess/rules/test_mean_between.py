import pytest

from inference.package.rules import MeanBetween
from inference.postprocess.rules.mean_between import mean_between
from inference.postprocess.rules.scene import volume_scene

NAMES = ("Organ", "Tumour")


def _judge(labels, body, affine, segment, **limits):
    scene = volume_scene(labels, NAMES, body, affine)
    return mean_between(scene, MeanBetween(rule="mean_between", segment=segment, **limits))


def test_each_part_has_its_own_mean(labels, body, affine):
    breach = _judge(labels, body, affine, "Tumour", at_least=200)
    assert breach.sentence == "1 of 2 parts of Tumour (0.003 mL): the mean is not at least 200"
    assert breach.offending.tolist() == [False] * 8 + [True] * 2


@pytest.mark.parametrize(
    ("limits", "fires"),
    [({"at_least": 300}, False), ({"at_least": 301}, True), ({"at_least": 0, "at_most": 299}, True)],
)
def test_the_limits_are_included(labels, body, affine, limits, fires):
    assert (_judge(labels, body, affine, "Organ", **limits) is not None) == fires


def test_one_voxel_changes_the_mean(labels, body, affine):
    body[1, 8, 22] -= 1000
    assert _judge(labels, body, affine, "Organ", at_least=300) is not None


def test_nothing_is_said_of_what_was_not_found(labels, body, affine):
    assert _judge(labels * (labels == 1), body, affine, "Tumour", at_least=1e6) is None
