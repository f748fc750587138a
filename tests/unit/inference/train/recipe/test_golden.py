import pytest
from pydantic import ValidationError

from inference.train.recipe.golden import GoldenTable


def test_without_a_word_it_is_a_validation_input():
    assert GoldenTable().source == "validation"


@pytest.mark.parametrize("given", [{"source": "file"}, {"source": "drawn_chest", "file": "a.dcm"}])
def test_a_file_has_its_name_and_nothing_else_has(given):
    with pytest.raises(ValidationError, match="belong together"):
        GoldenTable(**given)
