"""UCUM units as coded concepts (PS3.16 CID 82)."""

from highdicom import sr
from pydicom.sr.codedict import codes

_UCUM = codes.UCUM
# pydicom's dictionary of UCUM holds no annotation {pixels}; TID 1602 gives it this meaning.
_PIXELS = sr.CodedConcept("{pixels}", "UCUM", "Pixels")

_UNITS = {
    "mm3": _UCUM.CubicMillimeter,
    "cm3": _UCUM.CubicCentimeter,
    "mm2": _UCUM.SquareMillimeter,
    "cm2": _UCUM.SquareCentimeter,
    "mm": _UCUM.Millimeter,
    "cm": _UCUM.Centimeter,
    "[hnsf'U]": _UCUM.HounsfieldUnit,
    "Bq/ml": _UCUM.BecquerelsPerMilliliter,
    "[arb'U]": _UCUM.ArbitraryUnit,
    "1": _UCUM.NoUnits,
    "%": _UCUM.Percent,
}


def unit(ucum: str) -> sr.CodedConcept:
    """The concept of a unit that a manifest may declare; raises ValueError for another."""
    if ucum == "{pixels}":
        return _PIXELS
    # Nor does it hold the litre's thousandth.
    if ucum == "mL":
        return sr.CodedConcept("mL", "UCUM", "Milliliter")
    if ucum not in _UNITS:
        raise ValueError(f"the unit {ucum!r} is none a package may declare; see UNITS in package/output.py")
    return sr.CodedConcept.from_code(_UNITS[ucum])
