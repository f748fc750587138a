"""One segment as the Segment Sequence (PS3.3 C.8.20.2) describes it."""

import highdicom as hd
from pydicom.sequence import Sequence

from inference.encode.analysed import Analysed
from inference.encode.code import code
from inference.encode.equipment import LONG_STRING, algorithm_identification
from inference.encode.identity import tracking_uid
from inference.package.output import Segment


def describe(analysed: Analysed, segment: Segment, number: int) -> hd.seg.SegmentDescription:
    """``number``: Segment Number in its instance, from 1."""
    description = hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=segment.label[:LONG_STRING],
        segmented_property_category=code(segment.category),
        segmented_property_type=code(segment.type),
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=algorithm_identification(analysed),
        tracking_id=segment.label[:LONG_STRING],
        tracking_uid=tracking_uid(analysed, segment.label),
        display_color=hd.color.CIELabColor.from_rgb(*segment.colour_rgb),
    )
    if segment.laterality is not None:
        modifier = hd.sr.CodedConcept.from_code(code(segment.laterality))
        property_type = description.SegmentedPropertyTypeCodeSequence[0]
        property_type.SegmentedPropertyTypeModifierCodeSequence = Sequence([modifier])
    return description
