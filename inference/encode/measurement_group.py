"""One region of one segment as a TID 1410 group (PS3.16): its line, its area, how sure the model is."""

from collections.abc import Iterator

from highdicom import sr
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed
from inference.encode.code import code
from inference.encode.equipment import LONG_STRING
from inference.encode.identity import identity_of
from inference.encode.measurement import Unit, measure
from inference.encode.region import Region
from inference.package.output import Segment

# pydicom's dictionary of UCUM holds no annotation {pixels}; TID 1602 gives it this meaning.
UNITS: dict[Unit, sr.CodedConcept] = {
    "mm2": sr.CodedConcept.from_code(codes.UCUM.SquareMillimeter),
    "{pixels}": sr.CodedConcept("{pixels}", "UCUM", "Pixels"),
}


def measurement_group(
    analysed: Analysed, segment: Segment, number: int, region: Region
) -> sr.PlanarROIMeasurementsAndQualitativeEvaluations:
    """The group for the region with this number (from 1) of ``segment``."""
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(analysed, segment, number),
        referenced_region=_line(analysed, region),
        finding_type=code(segment.type),
        finding_category=code(segment.category),
        finding_sites=_sites(segment),
        algorithm_id=_algorithm(analysed),
        measurements=[*_areas(analysed, segment, region), _certainty(analysed, segment)],
    )


def _tracking(analysed: Analysed, segment: Segment, number: int) -> sr.TrackingIdentifier:
    uid = identity_of(analysed).other_uid("SR", f"tracking {segment.label} {number}")
    return sr.TrackingIdentifier(uid=uid, identifier=f"{segment.label[: LONG_STRING - 4]} {number}")


def _line(analysed: Analysed, region: Region) -> sr.ImageRegion:
    source = analysed.source
    return sr.ImageRegion(
        graphic_type=sr.GraphicTypeValues.POLYLINE,
        graphic_data=region.contour,
        source_image=sr.SourceImageForRegion(
            referenced_sop_class_uid=str(source.SOPClassUID),
            referenced_sop_instance_uid=str(source.SOPInstanceUID),
        ),
    )


def _sites(segment: Segment) -> list[sr.FindingSite] | None:
    """Where the segment lies on one side, say so. Both sides together say nothing of a single region."""
    if segment.laterality is None or segment.laterality == "SCT.RightAndLeft":
        return None
    return [sr.FindingSite(anatomic_location=code(segment.type), laterality=code(segment.laterality))]


def _algorithm(analysed: Analysed) -> sr.AlgorithmIdentification:
    model, algorithm = analysed.manifest.model, analysed.manifest.algorithm
    return sr.AlgorithmIdentification(
        name=model.name,
        version=model.version,
        family=code(algorithm.family),
        parameters=[f"sha256={analysed.digest}"],
    )


def _areas(analysed: Analysed, segment: Segment, region: Region) -> Iterator[sr.Measurement]:
    declared = analysed.manifest.output.measurement
    measured = measure(segment.label, [region], declared, analysed.spacing)
    for kind, measurement in zip(declared, measured, strict=True):
        yield sr.Measurement(
            name=code(kind.code), value=round(measurement.value, 2), unit=UNITS[measurement.unit]
        )


def _certainty(analysed: Analysed, segment: Segment) -> sr.Measurement:
    """How decided the network was about the whole segment, in percent (soft Dice)."""
    percent = round(100 * analysed.confidence[segment.label], 1)
    return sr.Measurement(name=codes.DCM.CertaintyOfFinding, value=percent, unit=codes.UCUM.Percent)
