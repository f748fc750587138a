from dataclasses import replace

from inference.train.envelope_cases import envelope_cases
from inference.train.recipe.envelope import EnvelopeTable
from inference.train.sources import read_cases
from inference.train.sources.tables import ImagesAndTable
from inference.train.split import Split
from tests.unit.inference.train.small_training import write_data

TABLE = ImagesAndTable(kind="images_and_table", label="sex", classes=("f", "m"))


def _sides(folder):
    """Of six patients the first two have a mask and are learnt from, the third is kept for validation."""
    cases = [replace(case, facts={}) for case in read_cases(TABLE, folder)]
    return Split(training=tuple(cases[:2]), validation=(cases[2],))


def test_without_the_table_it_is_those_that_were_learnt_from(tmp_path):
    sides = _sides(write_data(tmp_path / "data", patients=6))
    assert envelope_cases(None, sides, tmp_path / "data") == sides.training


def test_others_are_added_once_and_none_of_a_validation_patient(tmp_path):
    sides = _sides(write_data(tmp_path / "data", patients=6))
    found = envelope_cases(EnvelopeTable(data=TABLE), sides, tmp_path / "data")
    assert [case.patient for case in found] == ["p0", "p1", "p3", "p4", "p5"]
    assert found[:2] == sides.training
    assert found[2].read().field.values.shape == (96, 80)
