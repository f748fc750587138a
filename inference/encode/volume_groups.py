"""One segment of a volume as two groups that share a Tracking Unique Identifier.

TID 1411 refers to the segment and holds what was measured of all of it. TID 1410 holds a line on the slice on which
it is largest: a viewer in wide use turns black where a finding has no SCOORD at all.
"""

from typing import TypeAlias

from highdicom import sr

from inference.encode.analysed import Analysed
from inference.encode.equipment import LONG_STRING
from inference.encode.findings import about, certainty, confidence_in, measured_of, measurements
from inference.encode.identity import tracking_uid
from inference.encode.key_image import KeyImage, reference
from inference.encode.written import Written
from inference.package.output import Segment
from inference.volume.volume import Volume

_OF_ONE_SLICE = ("longest_diameter", "area")

Group: TypeAlias = (
    sr.PlanarROIMeasurementsAndQualitativeEvaluations | sr.VolumetricROIMeasurementsAndQualitativeEvaluations
)


def volume_groups(
    analysed: Analysed, volume: Volume, segment: Segment, key_image: KeyImage, written: Written
) -> tuple[Group, Group]:
    """The two groups of a segment that is in the ``written`` instance."""
    return (
        _of_the_segment(analysed, volume, segment, written),
        _on_the_key_image(analysed, volume, segment, key_image),
    )


def _of_the_segment(analysed: Analysed, volume: Volume, segment: Segment, written: Written) -> Group:
    confidence = confidence_in(analysed, segment.label)
    measured = [each for each in measured_of(analysed, segment.label) if each.kind not in _OF_ONE_SLICE]
    return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(analysed, segment),
        referenced_segment=sr.ReferencedSegment(
            sop_class_uid=written.result.sop_class_uid,
            sop_instance_uid=written.result.sop_instance_uid,
            segment_number=written.numbers[segment.label],
            source_series=sr.SourceSeriesForSegmentation(str(volume.sources[0].SeriesInstanceUID)),
        ),
        measurements=[
            *measurements(analysed, measured),
            *([certainty(confidence.certainty)] if confidence is not None else []),
        ],
        **about(analysed, segment),
    )


def _on_the_key_image(analysed: Analysed, volume: Volume, segment: Segment, key_image: KeyImage) -> Group:
    measured = [each for each in measured_of(analysed, segment.label) if each.kind in _OF_ONE_SLICE]
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(analysed, segment),
        referenced_region=sr.ImageRegion(
            graphic_type=sr.GraphicTypeValues.POLYLINE,
            graphic_data=key_image.region.contour,
            source_image=reference(volume, key_image.index),
        ),
        measurements=measurements(analysed, measured),
        **about(analysed, segment),
    )


def _tracking(analysed: Analysed, segment: Segment) -> sr.TrackingIdentifier:
    return sr.TrackingIdentifier(
        uid=tracking_uid(analysed, segment.label), identifier=segment.label[:LONG_STRING]
    )
