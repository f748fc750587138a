import numpy as np
import pytest

from inference.package.steps import Pad
from inference.preprocess.field import Field
from inference.preprocess.pad import pad


def _pad(values, affine=None, **keys):
    return pad(Field(values=values, affine=affine), Pad(step="pad", **keys))


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (7, 4), (3, 5, 8)])
@pytest.mark.parametrize(
    "keys",
    [{"to": "square"}, {"to": "multiple", "multiple": 4}, {"to": "size", "rows": 9, "slices": 4}],
)
def test_there_and_back_is_the_same(shape, keys):
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    prepared = _pad(values, value=-1, **keys)
    assert np.array_equal(prepared.undo.maps(prepared.field.values[..., np.newaxis])[..., 0], values)
    labels = prepared.field.values.astype(np.uint8)
    assert np.array_equal(prepared.undo.labels(labels), values.astype(np.uint8))


@pytest.mark.parametrize(
    ("keys", "shape"),
    [
        ({"to": "square"}, (3, 8, 8)),
        ({"to": "multiple", "multiple": 4}, (4, 8, 8)),
        ({"to": "size", "rows": 9, "columns": 2}, (3, 9, 8)),
        ({"to": "size", "slices": 7}, (7, 5, 8)),
    ],
)
def test_the_size_is_as_declared(keys, shape):
    assert _pad(np.zeros((3, 5, 8), np.float32), **keys).field.values.shape == shape


def test_the_rim_holds_the_value_on_both_ends():
    assert _pad(np.zeros((4, 1), np.float32), to="square", value=3).field.values[0].tolist() == [3, 0, 3, 3]


def test_every_voxel_keeps_its_place():
    affine = np.array([[0, 0, 0.7, 1], [0, 0.7, 0, 2], [3.0, 0, 0, 3], [0, 0, 0, 1]])
    field = _pad(np.zeros((3, 5, 8), np.float32), affine, to="multiple", multiple=7).field
    assert field.values.shape == (7, 7, 14)
    assert np.allclose(field.affine @ [2, 1, 3, 1], affine @ [0, 0, 0, 1])
