import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.preprocess.field import Field
from inference.train.case import Case, Class, Labelled
from inference.train.golden import LARGEST_INPUT
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
    sentence = r"\[golden\] file: .*elsewhere/golden.npz is not there; name a file or folder relative"
    with pytest.raises(TrainingRefused, match=sentence):
        golden_input(table, manifest, SIDES, tmp_path / "elsewhere")


def test_a_file_that_is_no_input_is_told_by_its_key(manifest, tmp_path):
    (tmp_path / "notes.dcm").write_text("no image")
    table = GoldenTable(source="file", file="notes.dcm")
    with pytest.raises(TrainingRefused, match=r"^\[golden\] file: .*; name another$"):
        golden_input(table, manifest, SIDES, tmp_path)


def test_of_a_large_volume_the_middle_is_kept(manifest, tmp_path):
    field = Field(values=np.zeros((LARGEST_INPUT[0] + 6, 4, 5), np.float32), affine=np.eye(4))
    labelled = Labelled(field=field, truth=Class(shares=np.ones(1, np.float32)))
    case = Case(name="volume", patient="p9", facts={}, read=lambda: labelled)
    given = golden_input(GoldenTable(), manifest, Split(training=(_case(1),), validation=(case,)), tmp_path)
    assert given.values.shape == (LARGEST_INPUT[0], 4, 5)
    assert given.affine[0, 3] == 3.0


def test_a_drawn_chest_is_no_volume(manifest, tmp_path):
    volumes = manifest.model_copy(update={"input": manifest.input.model_copy(update={"each": "series"})})
    with pytest.raises(TrainingRefused, match=r"'drawn_chest' is an image, but .* each is 'series'"):
        golden_input(GoldenTable(source="drawn_chest"), volumes, SIDES, tmp_path)
