from typing import get_args

import numpy as np

from inference.package.steps import MinMax, Pad, PreprocessStep, Resize
from inference.preprocess import STEPS, preprocess


def test_every_step_of_the_manifest_has_its_function():
    union = get_args(PreprocessStep)[0]
    vocabulary = {get_args(table.model_fields["step"].annotation)[0] for table in get_args(union)}
    assert vocabulary == set(STEPS)


def test_steps_are_taken_in_order_and_can_be_undone():
    pixels = np.linspace(0, 9, 40 * 20, dtype=np.float32).reshape(40, 20)
    steps = [MinMax(step="min_max"), Pad(step="pad", to="square"), Resize(step="resize", rows=80, columns=80)]
    image, undos = preprocess(pixels, steps)
    assert image.shape == (80, 80)
    assert len(undos) == 3
    maps = image[..., np.newaxis]
    for undo in reversed(undos):
        maps = undo(maps)
    assert maps.shape == (40, 20, 1)
    assert np.abs(maps[5:-5, 5:-5, 0] - pixels[5:-5, 5:-5] / 9).max() < 0.02
