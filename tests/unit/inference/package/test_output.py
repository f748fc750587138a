from typing import get_args

import pytest
from pydantic import ValidationError

from inference.package.output import UNITS, Box, Finding, Measurement, Segment, Unit

SEGMENT = {"label": "A", "channel": 0, "category": "SCT.Organ", "type": "SCT.Liver", "colour_rgb": [1, 2, 3]}
FINDING = {
    "label": "A",
    "channel": 0,
    "concept": "SCT.Pneumothorax",
    "threshold": 0.5,
    "positive": "It is there.",
}
BOX = {"label": "A", "class_id": 1, "concept": "SCT.Nodule", "colour_rgb": [1, 2, 3], "score_at_least": 0.5}


@pytest.mark.parametrize(("kind", "table"), [(Segment, SEGMENT), (Finding, FINDING), (Box, BOX)])
def test_every_required_key_is_required(kind, table):
    assert kind.model_validate(table)
    for key in table:
        with pytest.raises(ValidationError, match=key):
            kind.model_validate({name: value for name, value in table.items() if name != key})


@pytest.mark.parametrize("threshold", [0, 1, float("nan")])
def test_a_threshold_decides_something(threshold):
    for kind, table, key in ((Finding, FINDING, "threshold"), (Box, BOX, "score_at_least")):
        with pytest.raises(ValidationError):
            kind.model_validate(table | {key: threshold})


@pytest.mark.parametrize(("kind", "units"), UNITS.items())
def test_every_kind_of_measurement_has_its_own_units(kind, units):
    for unit in get_args(Unit):
        declared = {"kind": kind, "code": "SCT.Area", "unit": unit}
        if unit in units:
            assert Measurement.model_validate(declared).unit == unit
        else:
            with pytest.raises(ValidationError, match=f"the unit of '{kind}' is"):
                Measurement.model_validate(declared)


def test_a_wrong_unit_is_named_with_those_allowed_and_the_one_that_was_meant():
    sentence = "is 'mm', but the unit of 'volume' is mm3 or cm3 or mL; did you mean 'mm3'"
    with pytest.raises(ValidationError, match=sentence):
        Measurement.model_validate({"kind": "volume", "code": "SCT.Volume", "unit": "mm"})
