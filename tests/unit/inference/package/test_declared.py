import pytest
from pydantic import TypeAdapter, ValidationError

from inference.package.declared import ColourRgb, Concept, ExplicitCode, Range, did_you_mean


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [({}, "limits nothing"), ({"at_least": 3, "at_most": 2}, "at_least 3 lies above at_most 2")],
)
def test_limits_that_make_no_sense_are_refused(limits, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Range(**limits)


def test_a_limit_is_a_number():
    with pytest.raises(ValidationError, match="finite"):
        Range(at_least=float("nan"))


def test_a_concept_is_a_keyword_or_a_code_in_full():
    concept = TypeAdapter(Concept)
    assert concept.validate_python("SCT.Lung") == "SCT.Lung"
    code = {"value": "1", "scheme": "99X", "meaning": "One"}
    assert concept.validate_python(code) == ExplicitCode(**code)


@pytest.mark.parametrize("colour", [[0, 0], [0, 0, 256], [-1, 0, 0]])
def test_a_colour_has_three_parts_of_a_byte(colour):
    with pytest.raises(ValidationError):
        TypeAdapter(ColourRgb).validate_python(colour)


def test_a_suggestion_only_where_something_is_close():
    assert did_you_mean("thrshold", ["threshold"]) == "; did you mean 'threshold'?"
    assert did_you_mean("zebra", ["threshold"]) == ""
