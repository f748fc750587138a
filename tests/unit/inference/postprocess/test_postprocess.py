from typing import get_args

import numpy as np
import pytest

from inference.errors import GeometryRefused
from inference.package.steps import Argmax, Components, PostprocessStep, Threshold
from inference.postprocess import STEPS, decide, postprocess, tidy

LARGEST = Components(step="components", keep_largest=1)


def test_every_step_of_the_manifest_has_its_function():
    union = get_args(PostprocessStep)[0]
    vocabulary = [get_args(table.model_fields["step"].annotation)[0] for table in get_args(union)]
    assert vocabulary == list(STEPS)


def _maps():
    maps = np.zeros((10, 10, 1), np.float32)
    maps[1:6, 1:6], maps[8, 8], maps[9, 0] = 0.9, 0.8, 0.3
    return maps


def test_steps_are_taken_in_order():
    labels = postprocess(_maps(), [Threshold(step="threshold"), LARGEST])
    assert labels.dtype == np.uint8
    assert labels.sum() == 25
    assert labels[1:6, 1:6].all()


@pytest.mark.parametrize("step", [Threshold(step="threshold"), Argmax(step="argmax")])
def test_a_slab_is_decided_as_an_image_is(step):
    maps = np.random.default_rng(0).random((3, 8, 9, 4), np.float32)
    slab = decide(maps, step, (3, 1))
    assert slab.shape == (3, 8, 9)
    for k, plane in enumerate(maps):
        layers = postprocess(plane, [step], channels=(3, 1))
        alone = layers.sum(axis=-1) == 1
        expected = np.where(layers[..., 0] == 1, 1, 2)
        assert np.array_equal(slab[k][alone], expected[alone])
        assert not slab[k][layers.sum(axis=-1) == 0].any()


def test_a_volume_is_tidied_after_it_was_decided():
    labels = decide(np.stack([_maps()] * 2), Threshold(step="threshold"), (0,))
    tidied = tidy(labels, [LARGEST, Components(step="components", smallest_mm3=50)], segments=1, voxel_mm3=1)
    assert tidied.sum() == 50
    assert tidy(labels, [], segments=1, voxel_mm3=None) is labels


def test_sizes_reach_the_steps_that_need_them():
    steps = [Threshold(step="threshold"), Components(step="components", smallest_mm2=2)]
    assert postprocess(_maps(), steps, pixel_mm2=1.5).sum() == 25
    assert postprocess(_maps(), steps, pixel_mm2=2).sum() == 26
    with pytest.raises(GeometryRefused):
        postprocess(_maps(), steps)
