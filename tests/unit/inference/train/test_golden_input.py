import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.preprocess.field import Field
from inference.train.case import Case, Class, Labelled
from inference.train.golden_input import golden_input
from inference.train.phantom import chest_phantom
from inference.train.recipe.golden import GoldenTable
from inference.train.split import Split


def _case(number):
    field = Field(values=np.full((4, 4), number, np.float32), affine=None)
    labelled = Labelled(field=field, truth=Class(shares=np.ones(1, np.float32)))
    return Case(name=f"{number}", patient=f"p{number}", facts={}, read=lambda: labelled)


SIDES = Split(training=(_case(1),), validation=(_case(2), _case(3)))


def test_it_is_the_first_validation_input(manifest, tmp_path):
    assert (golden_input(GoldenTable(), manifest, SIDES, tmp_path).values == 2).all()


def test_it_is_the_drawn_chest(manifest, tmp_path):
    given = golden_input(GoldenTable(source="drawn_chest"), manifest, SIDES, tmp_path)
    np.testing.assert_array_equal(given.values, chest_phantom())
    assert given.values.dtype == np.float32


def test_it_is_a_file_beside_the_recipe(manifest, tmp_path):
    np.savez(tmp_path / "golden.npz", pixels=np.full((5, 6), 7.0))
    table = GoldenTable(source="file", file="golden.npz")
    assert golden_input(table, manifest, SIDES, tmp_path).values.shape == (5, 6)
    with pytest.raises(PackageInvalid):
        golden_input(table, manifest, SIDES, tmp_path / "elsewhere")
