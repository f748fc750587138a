import pytest
from pydantic import ValidationError

from inference.package.gate import Gate


def test_nothing_declared_limits_nothing():
    gate = Gate()
    assert (gate.smallest_rows, gate.largest_fraction, gate.slices, gate.planes) == (1, 1.0, None, [])


@pytest.mark.parametrize("table", [{"smallest_rows": 0}, {"largest_fraction": 1.1}, {"planes": ["oblique"]}])
def test_limits_beyond_reason_are_refused(table):
    with pytest.raises(ValidationError):
        Gate.model_validate(table)
