"""One region of an image as a TID 1410 group (PS3.16): its line, its area, how sure the model is."""

from collections.abc import Iterator

from highdicom import sr

from inference.encode.analysed import Analysed, Projection
from inference.encode.code import code
from inference.encode.equipment import LONG_STRING
from inference.encode.findings import about, certainty, confidence_in, measured_of, measurements
from inference.encode.identity import identity_of
from inference.encode.measurement import measure
from inference.encode.region import Region
from inference.encode.units import unit
from inference.package.output import Segment


def measurement_group(
    analysed: Analysed, segment: Segment, number: int, region: Region, *, is_only: bool = False
) -> sr.PlanarROIMeasurementsAndQualitativeEvaluations:
    """The group for the region with this number (from 1) of ``segment``.

    Where it ``is_only``, what was measured of the segment was measured of it.
    """
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(analysed, segment, number),
        referenced_region=_line(analysed, region),
        measurements=list(_measurements(analysed, segment, region, is_only=is_only)),
        **about(analysed, segment),
    )


def _tracking(analysed: Analysed, segment: Segment, number: int) -> sr.TrackingIdentifier:
    uid = identity_of(analysed).other_uid("SR", f"tracking {segment.label} {number}")
    return sr.TrackingIdentifier(uid=uid, identifier=f"{segment.label[: LONG_STRING - 4]} {number}")


def _line(analysed: Analysed, region: Region) -> sr.ImageRegion:
    source = analysed.header
    return sr.ImageRegion(
        graphic_type=sr.GraphicTypeValues.POLYLINE,
        graphic_data=region.contour,
        source_image=sr.SourceImageForRegion(
            referenced_sop_class_uid=str(source.SOPClassUID),
            referenced_sop_instance_uid=str(source.SOPInstanceUID),
        ),
    )


def _measurements(
    analysed: Analysed, segment: Segment, region: Region, *, is_only: bool
) -> Iterator[sr.Measurement]:
    yield from _areas(analysed, segment, region)
    if is_only:
        others = [each for each in measured_of(analysed, segment.label) if each.kind != "area"]
        yield from measurements(analysed, others)
    confidence = confidence_in(analysed, segment.label)
    if confidence is not None:
        yield certainty(confidence.certainty)


def _areas(analysed: Analysed, segment: Segment, region: Region) -> Iterator[sr.Measurement]:
    declared = [each for each in analysed.manifest.output.measurement if each.kind == "area"]
    spacing = analysed.source.spacing if isinstance(analysed.source, Projection) else None
    measured = measure(segment.label, [region], declared, spacing)
    for kind, measurement in zip(declared, measured, strict=True):
        yield sr.Measurement(
            name=code(kind.code), value=round(measurement.value, 2), unit=unit(measurement.unit)
        )
