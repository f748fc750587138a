import numpy as np

from inference.package.steps import Window
from inference.preprocess.field import Field
from inference.preprocess.window import window


def test_edges_become_zero_and_one_and_the_rest_is_clipped():
    field = Field(values=np.array([[-2000, -160, 40, 140, 240, 3000]], np.float32), affine=None)
    values = window(field, Window(step="window", centre=40, width=400)).field.values
    assert np.allclose(values, [[0, 0, 0.5, 0.75, 1, 1]])
    assert field.values[0, 0] == -2000
