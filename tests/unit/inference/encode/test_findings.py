import pytest

from inference.encode.findings import (
    algorithm,
    certainty,
    confidence_in,
    measured_of,
    measurements,
    rounded,
)
from inference.measure.measured import Measured
from tests.unit.inference.encode.given import analysed_volume, organ_name


def test_measurements_have_the_declared_code_and_unit(volume):
    made = analysed_volume(volume)
    items = measurements(made, measured_of(made, organ_name(0)))
    told = [(item.name.meaning, item.unit.value) for item in items]
    assert told == [("Volume", "mL"), ("Long axis", "mm"), ("Mean", "[hnsf'U]")]
    assert items[0].value == pytest.approx(made.measured[0].value, rel=1e-3)


def test_what_is_not_declared_is_not_written(volume):
    made = analysed_volume(volume)
    assert measurements(made, [Measured(segment="x", kind="count", value=2, unit="1")]) == []


def test_the_certainty_is_in_percent():
    item = certainty(0.98765)
    assert (item.value, item.unit.value, item.name.value) == (98.8, "%", "111012")


def test_confidence_is_found_by_label(analysed):
    assert confidence_in(analysed(), "Grey").certainty == 0.654
    assert confidence_in(analysed(), "Other") is None


def test_the_algorithm_has_the_digest(analysed):
    texts = [item.TextValue for item in algorithm(analysed()) if item.ValueType == "TEXT"]
    assert texts == ["shades", "1.2.3", f"sha256={'ab' * 32}"]


@pytest.mark.parametrize(
    ("value", "expected"), [(1234.5678, 1234.57), (-12.345, -12.35), (0.00123456, 0.001235), (0, 0)]
)
def test_numbers_keep_what_counts(value, expected):
    assert rounded(value) == pytest.approx(expected, abs=0.0051 if abs(value) > 10 else 1e-9)
