import pytest
from pydantic import ValidationError

from inference.train.synthesis.tables import Between, Contrast, SynthesisTable


def test_range_that_is_turned_round_is_a_mistake():
    with pytest.raises(ValidationError, match="least 3 lies above most 2; exchange them"):
        Between(least=3, most=2)


def test_label_has_one_grey_only():
    with pytest.raises(ValidationError, match="together names 41 twice"):
        Contrast(together=((2, 41), (41, 3)))


def test_unknown_key_is_a_mistake():
    with pytest.raises(ValidationError, match="Extra inputs"):
        SynthesisTable.model_validate({"contrast": {"means": {"least": 0, "most": 1}}})


def test_empty_table_is_the_paper():
    table = SynthesisTable.model_validate({})
    assert table.contrast.mean == Between(least=0, most=1)
    assert table.deformation.elastic_mm.most == 4
