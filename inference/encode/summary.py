"""The picture of a result and its findings in words as a Secondary Capture (PS3.3 A.8.1), for viewers of pictures.

It is a picture, not a measurement: nothing in it has a place in the patient.
"""

from collections.abc import Iterator

from highdicom.sc import SCImage
from pydicom.sequence import Sequence as Items
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, Classification, Detection, EncodedResult, Kind, Segmentation
from inference.encode.clock import Stamp, stamp
from inference.encode.detection_report import spots_of
from inference.encode.equipment import contributing_equipment, equipment
from inference.encode.findings import confidence_in, measured_of
from inference.encode.identity import identity_of
from inference.encode.legend import Entry, with_legend
from inference.encode.preview import draw_picture
from inference.encode.references import coded, image_reference
from inference.encode.segments_found import segments_found
from inference.encode.series import series_attributes
from inference.encode.source import clean_identity, finish, to_file
from inference.encode.wording import (
    NOTHING_FOUND,
    about_box,
    about_class,
    about_rule,
    about_segment,
    standing_remarks,
)

KIND: Kind = "SC"
PLACE = 93


def encode_summary(analysed: Analysed) -> EncodedResult:
    """An RGB image of 8 bits, at most 1024 pixels wide; raises ValueError where there is no image to show."""
    picture = with_legend(draw_picture(analysed), list(_entries(analysed)))
    identity, when = identity_of(analysed), stamp(analysed.now, analysed.header)
    about = series_attributes(analysed, "summary", PLACE)
    del about["content_qualification"]  # an image has none
    result = SCImage.from_ref_dataset(
        clean_identity(analysed),
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),  # highdicom wants one; see below
        series_instance_uid=identity.series_instance_uid(KIND),
        sop_instance_uid=identity.sop_instance_uid(KIND),
        **about,
        **equipment(analysed),
        transfer_syntax_uid="1.2.840.10008.1.2.1",
        specific_character_set=None,
    )
    _finish(result, analysed, when)
    return to_file(result, KIND)


def _entries(analysed: Analysed) -> Iterator[Entry]:
    yield from (Entry(text=sentence) for sentence in standing_remarks(analysed))
    found = list(_found(analysed))
    yield from found or [Entry(text=NOTHING_FOUND)]
    yield from (Entry(text=about_rule(firing)) for firing in analysed.firings)
    yield from (Entry(text=remark) for remark in analysed.remarks)


def _found(analysed: Analysed) -> Iterator[Entry]:
    output = analysed.manifest.output
    match analysed.found:
        case Segmentation():
            for segment in segments_found(analysed):
                label, confidence = segment.label, confidence_in(analysed, segment.label)
                text = about_segment(label, measured_of(analysed, label), confidence)
                yield Entry(text=text, colour=segment.colour_rgb)
        case Detection():
            for spot in spots_of(analysed):
                yield Entry(text=about_box(spot.label, spot.score), colour=spot.kind.colour_rgb)
        case Classification(probabilities=given):
            yield from (Entry(text=about_class(each, float(given[each.channel]))) for each in output.finding)


def _finish(result: SCImage, analysed: Analysed, when: Stamp) -> None:
    result.ConversionType = "SYN"
    result.DateOfSecondaryCapture, result.TimeOfSecondaryCapture = when.date, when.time
    result.ImageType = ["DERIVED", "SECONDARY"]
    # Slices side by side and words below them run towards no part of a patient.
    result.PatientOrientation = ""
    # Type 2C; of which side it is the reader knows from the source.
    result.Laterality = ""
    result.BurnedInAnnotation = "NO"
    result.DerivationDescription = "Picture of what a model found, with words"
    source = image_reference(analysed.header)
    source.PurposeOfReferenceCodeSequence = Items([coded(codes.DCM.SourceImageForImageProcessingOperation)])
    result.SourceImageSequence = Items([source])
    result.ContributingEquipmentSequence = Items([contributing_equipment(analysed, when)])
    finish(result, analysed, when)
