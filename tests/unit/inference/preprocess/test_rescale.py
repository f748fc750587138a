import numpy as np

from inference.package.steps import Rescale
from inference.preprocess.field import Field
from inference.preprocess.rescale import rescale


def test_scale_first_then_offset():
    field = Field(values=np.array([[0, 10]], np.float32), affine=None)
    assert rescale(field, Rescale(step="rescale", scale=2, offset=-3)).field.values.tolist() == [[-3, 17]]
    assert field.values.tolist() == [[0, 10]]
