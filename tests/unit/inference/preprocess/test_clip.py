import numpy as np
import pytest

from inference.package.steps import Clip
from inference.preprocess.clip import clip
from inference.preprocess.field import Field


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"at_least": -1, "at_most": 2}, [-1, 0, 2]),
        ({"at_least": -1}, [-1, 0, 9]),
        ({"at_most": 2}, [-5, 0, 2]),
    ],
)
def test_nothing_lies_beyond_the_limits(limits, expected):
    field = Field(values=np.array([[-5, 0, 9]], np.float32), affine=None)
    assert clip(field, Clip(step="clip", **limits)).field.values.tolist() == [expected]
    assert field.values.tolist() == [[-5, 0, 9]]
