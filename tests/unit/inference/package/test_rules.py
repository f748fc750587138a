import pytest
from pydantic import ValidationError

from inference.package.rules import (
    AreaBetween,
    Inside,
    MeanBetween,
    NumberOfParts,
    VolumeBetween,
    segments_not_there,
)

LABELS = ["Liver", "Tumour"]


@pytest.mark.parametrize(
    ("table", "rule", "least", "most"),
    [
        (NumberOfParts, "number_of_parts", "at_least", "at_most"),
        (VolumeBetween, "volume_between", "at_least_ml", "at_most_ml"),
        (AreaBetween, "area_between", "at_least_mm2", "at_most_mm2"),
        (MeanBetween, "mean_between", "at_least", "at_most"),
    ],
)
def test_limits_limit_something_and_agree(table, rule, least, most):
    keys = {"rule": rule, "segment": "Tumour"}
    assert table(**keys, **{least: 2}) and table(**keys, **{most: 2}) and table(**keys, **{least: 2, most: 2})
    with pytest.raises(ValidationError, match="limits nothing; give the least, the most, or both"):
        table(**keys)
    with pytest.raises(ValidationError, match="at_least 3 lies above at_most 2"):
        table(**keys, **{least: 3, most: 2})


def test_a_rule_flags_where_nothing_else_is_said():
    rule = Inside(rule="inside", segment="Tumour", others=["Liver"])
    assert rule.on_breach == "flag"
    with pytest.raises(ValidationError):
        Inside(rule="inside", segment="Tumour", others=[])


def test_segments_are_those_of_the_output():
    rules = [
        {"rule": "inside", "segment": "Tumor", "others": ["Liver", "Kidney"]},
        {"rule": "excludes", "segment": "Tumour", "other": "Liver"},
        {"rule": "excludes", "segment": "Tumour", "other": "Tumour"},
        {"rule": "excludes", "segment": 5},
    ]
    missing = "but no [[output.segment]] has that label"
    assert list(segments_not_there(rules, LABELS)) == [
        (0, "segment", f"is 'Tumor', {missing}; did you mean 'Tumour'?"),
        (0, "others", f"is 'Kidney', {missing}"),
        (2, "other", "is 'Tumour', the segment itself"),
    ]
