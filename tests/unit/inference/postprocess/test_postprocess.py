from typing import get_args

import numpy as np

from inference.package.steps import Components, PostprocessStep, Threshold
from inference.postprocess import STEPS, postprocess


def test_every_step_of_the_manifest_has_its_function():
    union = get_args(PostprocessStep)[0]
    vocabulary = {get_args(table.model_fields["step"].annotation)[0] for table in get_args(union)}
    assert vocabulary == set(STEPS)


def test_steps_are_taken_in_order():
    maps = np.zeros((10, 10, 1), np.float32)
    maps[1:6, 1:6], maps[8, 8], maps[9, 0] = 0.9, 0.8, 0.3
    labels = postprocess(maps, [Threshold(step="threshold"), Components(step="components", keep_largest=1)])
    assert labels.dtype == np.uint8
    assert labels.sum() == 25
    assert labels[1:6, 1:6].all()
