import numpy as np
import pytest

from inference.package.rules import NumberOfParts
from inference.postprocess.rules.number_of_parts import number_of_parts
from inference.postprocess.rules.scene import volume_scene


def _judge(labels, body, affine, **limits):
    scene = volume_scene(labels, ("Organ", "Tumour"), body, affine)
    return number_of_parts(scene, NumberOfParts(rule="number_of_parts", segment="Tumour", **limits))


def test_as_many_as_declared_is_well(labels, body, affine):
    assert _judge(labels, body, affine, at_least=2, at_most=2) is None


def test_of_too_many_the_smallest_are_at_fault(labels, body, affine):
    breach = _judge(labels, body, affine, at_most=1)
    assert breach.sentence == "2 parts of Tumour were found, expected at most 1"
    assert np.count_nonzero(breach.offending) == 2  # the crumb's two rows


def test_of_too_few_none_is_at_fault(labels, body, affine):
    breach = _judge(labels, body, affine, at_least=3)
    assert breach.sentence == "2 parts of Tumour were found, expected at least 3"
    assert breach.offending is None


@pytest.mark.parametrize(("limits", "fires"), [({"at_least": 1}, True), ({"at_most": 0}, False)])
def test_it_speaks_of_a_segment_that_was_not_found(labels, body, affine, limits, fires):
    assert (_judge(labels * (labels == 1), body, affine, **limits) is not None) == fires
