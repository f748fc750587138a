import pytest

from inference.encode.units import unit
from inference.package.output import UNITS


@pytest.mark.parametrize(
    "ucum", sorted({each for units in UNITS.values() for each in units} | {"{pixels}", "%"})
)
def test_every_unit_a_manifest_may_declare_is_itself(ucum):
    concept = unit(ucum)
    assert (concept.CodeValue, concept.CodingSchemeDesignator) == (ucum, "UCUM")
    assert concept.CodeMeaning


def test_another_is_refused():
    with pytest.raises(ValueError, match="'furlong' is none"):
        unit("furlong")
