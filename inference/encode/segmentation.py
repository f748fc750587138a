"""Segmentation instances (PS3.3 A.51) that every viewer opens: BINARY, one segment in each.

One segment, since frames after the first do not start on a byte where Rows x Columns is no multiple of 8,
and since overlapping segments of one instance vanish in a widespread viewer. One series each, since the last
instance of a series hides the others.
"""

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.clock import Stamp, stamp
from inference.encode.code import code
from inference.encode.equipment import (
    LONG_STRING,
    algorithm_identification,
    contributing_equipment,
    equipment,
    series_attributes,
)
from inference.encode.identity import identity_of
from inference.encode.source import clean_header, finish, to_file
from inference.package.output import Segment


def encode_segmentations(analysed: Analysed) -> list[EncodedResult]:
    """One SEG for each segment of which anything was found, on the source's own pixel grid."""
    segments = analysed.manifest.output.segment
    return [
        _encode(analysed, segment, index) for index, segment in enumerate(segments) if analysed.regions[index]
    ]


def _encode(analysed: Analysed, segment: Segment, index: int) -> EncodedResult:
    # The label, not the place in the manifest, is part of what a segment's UIDs are derived from.
    kind, when = f"SEG {segment.label}", stamp(analysed.now, analysed.source)
    result = _segmentation(analysed, segment, index, when)
    _give_geometry(result, analysed.source)
    uid = identity_of(analysed).other_uid(kind, "dimension organisation")
    result.DimensionOrganizationSequence[0].DimensionOrganizationUID = uid
    for item in result.DimensionIndexSequence:
        item.DimensionOrganizationUID = uid
    # Type 2, and highdicom leaves it out: no human made this.
    result.ContentCreatorName = ""
    result.ContributingEquipmentSequence = Sequence([contributing_equipment(analysed, when)])
    finish(result, analysed, when)
    return to_file(result, kind)


def _segmentation(analysed: Analysed, segment: Segment, index: int, when: Stamp) -> hd.seg.Segmentation:
    identity, kind = identity_of(analysed), f"SEG {segment.label}"
    several = len(analysed.manifest.output.segment) > 1
    return hd.seg.Segmentation(
        source_images=[clean_header(analysed)],
        pixel_array=np.ascontiguousarray(analysed.labels[np.newaxis, ..., index]),
        segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[_description(analysed, segment, identity.other_uid(kind, "tracking"))],
        series_instance_uid=identity.series_instance_uid(kind),
        sop_instance_uid=identity.sop_instance_uid(kind),
        content_label="SEGMENTATION",
        content_description=segment.label[:LONG_STRING],
        content_date=when.date,
        content_time=when.time,
        specific_character_set=None,
        **equipment(analysed),
        **series_attributes(analysed, kind if several else "SEG", 1 + index),
    )


def _description(analysed: Analysed, segment: Segment, tracking_uid: str) -> hd.seg.SegmentDescription:
    description = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label=segment.label[:LONG_STRING],
        segmented_property_category=code(segment.category),
        segmented_property_type=code(segment.type),
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=algorithm_identification(analysed),
        tracking_id=segment.label[:LONG_STRING],
        tracking_uid=tracking_uid,
        display_color=hd.color.CIELabColor.from_rgb(*segment.colour_rgb),
    )
    if segment.laterality is not None:
        modifier = hd.sr.CodedConcept.from_code(code(segment.laterality))
        property_type = description.SegmentedPropertyTypeCodeSequence[0]
        property_type.SegmentedPropertyTypeModifierCodeSequence = Sequence([modifier])
    return description


def _give_geometry(result: hd.seg.Segmentation, source: Dataset) -> None:
    """State a Plane Orientation, which a projection has not: without one a widespread viewer waits for ever.

    Rows run along x and columns along y of the image itself; Plane Position and Frame of Reference stay out,
    so that nothing claims a place in the patient. Patient Orientation is Type 2C and stays as it is known.
    """
    orientation = Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    result.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence = Sequence([orientation])
    result.PatientOrientation = source.get("PatientOrientation")
