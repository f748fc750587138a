"""The measurement report (TID 1500, PS3.16) of one instance, as viewers draw it.

Each region is a TID 1410 group with a closed POLYLINE: a viewer in wide use turns black where any group
lacks its SCOORD, so there is none without. No Image Library: highdicom cannot write one for a radiograph
without Imager Pixel Spacing, and one image needs none.
"""

from collections.abc import Iterator

import highdicom as hd
from highdicom import sr
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.clock import stamp
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment, series_attributes
from inference.encode.identity import MANUFACTURER, device_uid, identity_of
from inference.encode.measurement_group import measurement_group
from inference.encode.source import clean_header, finish, to_file
from inference.volume.spacing import explain

KIND = "SR"
SERIES_NUMBER = 91


def encode_structured_report(analysed: Analysed) -> EncodedResult:
    """A Comprehensive SR with every region of every segment; raises ValueError where there is not one region."""
    identity, when = identity_of(analysed), stamp(analysed.now, analysed.source)
    made_by = equipment(analysed)
    result = sr.ComprehensiveSR(
        evidence=[clean_header(analysed)],
        content=_report(analysed),
        series_instance_uid=identity.series_instance_uid(KIND),
        sop_instance_uid=identity.sop_instance_uid(KIND),
        is_complete=True,
        is_final=False,
        specific_character_set=None,
        content_date=when.date,
        content_time=when.time,
        **made_by,
        **series_attributes(analysed, KIND, SERIES_NUMBER),
    )
    result.ContributingEquipmentSequence = Sequence([contributing_equipment(analysed, when)])
    finish(result, analysed, when)
    return to_file(result, KIND)


def _report(analysed: Analysed) -> sr.MeasurementReport:
    report = sr.MeasurementReport(
        title=codes.cid7021.ImagingMeasurementReport,
        observation_context=_observer(analysed),
        procedure_reported=codes.cid100.XRUnspecifiedBodyRegion,
        imaging_measurements=list(_groups(analysed)),
    )
    report[0].ContentSequence.append(_remarks(analysed))
    return report


def _observer(analysed: Analysed) -> sr.ObservationContext:
    """The model is the observer (TID 1004): a device, named with its version and known by its digest."""
    model = analysed.manifest.model
    device = sr.DeviceObserverIdentifyingAttributes(
        uid=device_uid(analysed),
        name=f"{model.name} {model.version}",
        manufacturer_name=MANUFACTURER,
        model_name=model.name,
        serial_number=analysed.digest[:LONG_STRING],
    )
    return sr.ObservationContext(
        observer_device_context=sr.ObserverContext(
            observer_type=codes.DCM.Device, observer_identifying_attributes=device
        )
    )


def _groups(analysed: Analysed) -> Iterator[sr.PlanarROIMeasurementsAndQualitativeEvaluations]:
    for segment, regions in zip(analysed.manifest.output.segment, analysed.regions, strict=True):
        for number, region in enumerate(regions, start=1):
            yield measurement_group(analysed, segment, number, region)


def _remarks(analysed: Analysed) -> sr.ContainerContentItem:
    """Row 12 of TID 1500, Qualitative Evaluations: what a reader must know beside the numbers."""
    container = sr.ContainerContentItem(
        name=sr.CodedConcept("C0034375", "UMLS", "Qualitative Evaluations"),
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    container.ContentSequence = hd.sr.ContentSequence(
        [
            sr.TextContentItem(
                name=codes.DCM.Comment, value=remark, relationship_type=sr.RelationshipTypeValues.CONTAINS
            )
            for remark in (*_standing_remarks(analysed), *analysed.remarks)
        ]
    )
    return container


def _standing_remarks(analysed: Analysed) -> Iterator[str]:
    if analysed.manifest.model.research_only:
        yield "For research only: not a medical device, not for diagnosis."
    yield f"Made by {analysed.manifest.model.name} {analysed.manifest.model.version} without human review."
    if analysed.manifest.output.measurement:
        yield explain(analysed.spacing)
