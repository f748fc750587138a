import pytest
from pydantic import TypeAdapter, ValidationError

from inference.train.losses.tables import LossTable

READ = TypeAdapter(LossTable).validate_python


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"kind": "hinge"}, "kind"),
        ({"kind": "focal", "gamma": 2}, "gamma"),
        ({"kind": "cross_entropy", "class_weights": [1, 0]}, "class_weights"),
        ({"kind": "dice", "smooth": 0}, "smooth"),
        ({"kind": "combination", "parts": [{"kind": "dice"}]}, "at least 2"),
        (
            {"kind": "combination", "parts": [{"kind": "dice"}, {"kind": "focal"}], "weights": [1]},
            "weights are 1, but there are 2 parts",
        ),
    ],
)
def test_a_mistake_is_named(table, sentence):
    with pytest.raises(ValidationError, match=sentence):
        READ(table)


def test_a_combination_does_not_hold_combinations():
    inner = {"kind": "combination", "parts": [{"kind": "dice"}, {"kind": "focal"}]}
    with pytest.raises(ValidationError, match="combination"):
        READ({"kind": "combination", "parts": [inner, {"kind": "dice"}]})
