from itertools import permutations, product

import numpy as np
import pytest

from inference.errors import GeometryRefused
from inference.package.steps import Orient
from inference.preprocess.field import Field
from inference.preprocess.orient import orient

LPS = Orient(step="orient", to="LPS")
ALL = ["".join(letters) for axes in permutations(("LR", "AP", "IS")) for letters in product(*axes)]
CANONICAL = np.array([[0, 0, 1.0, -5], [0, 2.0, 0, 7], [3.0, 0, 0, 11], [0, 0, 0, 1]])


def _field(affine=CANONICAL, shape=(3, 4, 5)):
    return Field(values=np.arange(np.prod(shape), dtype=np.float32).reshape(shape), affine=affine)


def _places(field):
    """Value -> where it lies in the patient."""
    index = np.indices(field.values.shape).reshape(3, -1)
    places = field.affine[:3, :3] @ index + field.affine[:3, 3:]
    order = np.argsort(field.values.reshape(-1))
    return places[:, order]


def test_there_are_48_ways_to_lie():
    assert len(set(ALL)) == 48


@pytest.mark.parametrize("to", ALL)
def test_every_voxel_keeps_its_place_and_comes_back(to):
    field = _field()
    prepared = orient(field, Orient(step="orient", to=to))
    assert np.allclose(_places(prepared.field), _places(field))
    labels = prepared.field.values.astype(np.uint8)
    assert np.array_equal(prepared.undo.labels(labels), field.values.astype(np.uint8))
    maps = np.stack([prepared.field.values] * 2, axis=-1)
    assert np.array_equal(prepared.undo.maps(maps)[..., 1], field.values)


@pytest.mark.parametrize("to", ALL)
def test_columns_rows_and_slices_run_where_they_should(to):
    affine = orient(_field(), Orient(step="orient", to=to)).field.affine
    towards = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "S": (2, 1), "I": (2, -1)}
    for axis, letter in zip((2, 1, 0), to, strict=True):
        patient, sign = towards[letter]
        assert np.argmax(np.abs(affine[:3, axis])) == patient
        assert np.sign(affine[patient, axis]) == sign


def test_what_lies_right_already_is_left_alone():
    field = _field()
    prepared = orient(field, LPS)
    assert np.array_equal(prepared.field.values, field.values)
    assert np.array_equal(prepared.field.affine, field.affine)


@pytest.mark.parametrize("degrees", [-35, -20, 20, 35])
def test_a_tilted_gantry_counts_as_its_nearest_axes(degrees):
    tilted = CANONICAL.copy()
    tilted[:3, 0] = 3 * np.array([0, np.sin(np.radians(degrees)), np.cos(np.radians(degrees))])
    field = _field(tilted[:, [2, 0, 1, 3]])
    prepared = orient(field, LPS)
    assert np.allclose(_places(prepared.field), _places(field))
    assert np.array_equal(np.argmax(np.abs(prepared.field.affine[:3, :3]), axis=0), [2, 1, 0])


def test_an_image_is_refused():
    with pytest.raises(GeometryRefused, match="no volume"):
        orient(Field(values=np.zeros((4, 4), np.float32), affine=None), LPS)
    with pytest.raises(GeometryRefused, match="boxes lie on an image"):
        orient(_field(), LPS).undo.boxes(np.zeros((1, 4), np.float32))
