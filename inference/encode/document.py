"""An SR instance around a content tree: identity, equipment, evidence, patient and study, dates."""

from collections.abc import Sequence
from typing import Any

import highdicom as hd
from highdicom import sr
from highdicom.base import SOPClass
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.clock import stamp
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment
from inference.encode.evidence import evidence
from inference.encode.identity import MANUFACTURER, device_uid, identity_of
from inference.encode.instance_file import write_file
from inference.encode.predecessor import predecessor_documents
from inference.encode.series import series_attributes
from inference.encode.source import clean_identity, finish
from inference.encode.wording import plain
from inference.encode.written import Written
from inference.volume.volume import Volume

KIND = "SR"
SERIES_NUMBER = 91
PRIVATE_SCHEME = "99DICOMNODE"

_PROCEDURES = {
    "CT": codes.cid100.CTUnspecifiedBodyRegion,
    "MR": codes.cid100.MRIUnspecifiedBodyRegion,
    "PT": codes.cid100.PETUnspecifiedBodyRegion,
    "NM": codes.cid100.NMUnspecifiedBodyRegion,
    **dict.fromkeys(("CR", "DX", "MG"), codes.cid100.XRUnspecifiedBodyRegion),
}


def write_document(
    analysed: Analysed,
    content: Dataset,
    written: Sequence[Written] = (),
    *,
    kind: str = KIND,
    coding_scheme: bool = False,
) -> EncodedResult:
    """The report as a file. ``content`` is the root container; ``written`` are the SEG instances it refers to.

    UIDs are derived from ``kind``. With ``coding_scheme`` the private scheme of the title is explained.

    Comprehensive 3D SR of a volume; of an image Comprehensive SR, which more software reads and which holds all there
    is to say of an image.
    """
    identity, when = identity_of(analysed), stamp(analysed.now, analysed.header)
    result = _document(
        is_of_volume=isinstance(analysed.source, Volume),
        evidence=[clean_identity(analysed)],
        record_evidence=False,
        content=_without_children(content),
        series_instance_uid=identity.series_instance_uid(kind),
        sop_instance_uid=identity.sop_instance_uid(kind),
        is_complete=True,
        is_final=False,
        specific_character_set=None,
        content_date=when.date,
        content_time=when.time,
        **equipment(analysed),
        **series_attributes(analysed, KIND, SERIES_NUMBER),
    )
    result.ContentSequence = content.ContentSequence
    result.ContributingEquipmentSequence = Items([contributing_equipment(analysed, when)])
    if coding_scheme:
        result.CodingSchemeIdentificationSequence = Items([_private_scheme()])
    replaced = [each for each in analysed.replaces if each.kind == KIND]
    if replaced:
        study = str(analysed.header.StudyInstanceUID)
        result.PredecessorDocumentsSequence = predecessor_documents(replaced, study)
    finish(result, analysed, when)
    file = write_file(result, {"CurrentRequestedProcedureEvidenceSequence": evidence(analysed, written)})
    return EncodedResult(
        kind="SR",
        sop_class_uid=str(result.SOPClassUID),
        sop_instance_uid=str(result.SOPInstanceUID),
        series_instance_uid=str(result.SeriesInstanceUID),
        content=file,
    )


def kind_of_report(written: Sequence[Written]) -> str:
    """What its UIDs are derived from: stored in another way, its segmentations are others, and so is the report."""
    return "\n".join((KIND, *(each.result.sop_instance_uid for each in written)))


def _document(*, is_of_volume: bool, **given: Any) -> SOPClass:
    return sr.Comprehensive3DSR(**given) if is_of_volume else sr.ComprehensiveSR(**given)


def _without_children(content: Dataset) -> Dataset:
    """highdicom copies the tree it is given and looks it through for references; ours are in the evidence."""
    root = Dataset()
    for element in content:
        if element.keyword != "ContentSequence":
            root.add(element)
    root.ContentSequence = hd.sr.ContentSequence()
    return root


def _private_scheme() -> Dataset:
    """PS3.3 C.12.1.1.1.1: whose scheme a designator names that the Standard does not know."""
    scheme = Dataset()
    scheme.CodingSchemeDesignator = PRIVATE_SCHEME
    scheme.CodingSchemeName = "Codes of dicom-node"
    scheme.CodingSchemeResponsibleOrganization = MANUFACTURER
    return scheme


def observer(analysed: Analysed) -> sr.ObservationContext:
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


def procedure(analysed: Analysed) -> sr.CodedConcept:
    """Procedure Reported (CID 100), by the modality; nobody told us which it was."""
    found = _PROCEDURES.get(str(analysed.header.get("Modality")), codes.cid100.XRUnspecifiedBodyRegion)
    return sr.CodedConcept.from_code(found)


def comments(sentences: Sequence[str]) -> sr.ContainerContentItem:
    """Row 12 of TID 1500, Qualitative Evaluations: what a reader must know beside the numbers."""
    container = sr.ContainerContentItem(
        name=sr.CodedConcept("C0034375", "UMLS", "Qualitative Evaluations"),
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    container.ContentSequence = hd.sr.ContentSequence(
        [
            sr.TextContentItem(
                name=codes.DCM.Comment,
                value=plain(sentence),
                relationship_type=sr.RelationshipTypeValues.CONTAINS,
            )
            for sentence in sentences
            if plain(sentence)
        ]
    )
    return container
