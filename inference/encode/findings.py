"""What is said of one finding in every kind of measurement group: its type, site, algorithm, numbers, certainty."""

from collections.abc import Iterable
from typing import Any

from highdicom import sr
from pydicom.sr.codedict import codes

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed
from inference.encode.code import code
from inference.encode.units import unit
from inference.measure.measured import Measured
from inference.package.output import Segment


def about(analysed: Analysed, segment: Segment) -> dict[str, Any]:
    """Finding, its category and site, and the algorithm (TID 1410, 1411)."""
    return {
        "finding_type": code(segment.type),
        "finding_category": code(segment.category),
        "finding_sites": _sites(segment),
        "algorithm_id": algorithm(analysed),
    }


def algorithm(analysed: Analysed) -> sr.AlgorithmIdentification:
    """TID 4019: name, version, family, and the package's digest as a parameter."""
    model, described = analysed.manifest.model, analysed.manifest.algorithm
    return sr.AlgorithmIdentification(
        name=model.name,
        version=model.version,
        family=code(described.family),
        parameters=[f"sha256={analysed.digest}"],
    )


def measurements(analysed: Analysed, measured: Iterable[Measured]) -> list[sr.Measurement]:
    """Each with the code under which the manifest declares its kind."""
    declared = {each.kind: each.code for each in analysed.manifest.output.measurement}
    return [
        sr.Measurement(name=code(declared[each.kind]), value=rounded(each.value), unit=unit(each.unit))
        for each in measured
        if each.kind in declared
    ]


def certainty(share: float) -> sr.Measurement:
    """Certainty of Finding (DCM 111012) in percent, from 0 to 1."""
    return sr.Measurement(
        name=codes.DCM.CertaintyOfFinding, value=round(100 * share, 1), unit=codes.UCUM.Percent
    )


def measured_of(analysed: Analysed, label: str) -> list[Measured]:
    """What was measured of the segment."""
    return [each for each in analysed.measured if each.segment == label]


def confidence_in(analysed: Analysed, label: str) -> Confidence | None:
    """How sure the model is of the segment or class; None where it was not told."""
    return next((each for each in analysed.confidence if each.label == label), None)


def rounded(value: float) -> float:
    """Two decimals; of small numbers four digits that count."""
    return round(value, 2) if abs(value) >= 10 else float(f"{value:.4g}")


def _sites(segment: Segment) -> list[sr.FindingSite] | None:
    """Where the segment is itself a part of the body, that part: a viewer in wide use names a line by its site alone.

    The side is told where there is one; both together say nothing of a single region.
    """
    has_side = segment.laterality is not None and segment.laterality != "SCT.RightAndLeft"
    if not has_side and code(segment.category) != codes.SCT.AnatomicalStructure:
        return None
    side = code(segment.laterality) if has_side and segment.laterality is not None else None
    return [sr.FindingSite(anatomic_location=code(segment.type), laterality=side)]
