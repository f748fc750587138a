"""What a PACS says it holds of a study: C-FIND at image level (PS3.4 annex C)."""

from pydicom import Dataset
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind

from dicom_node.delivery.association import associate
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationRefused

PENDING = (0xFF00, 0xFF01)


def instances_of_series(
    pacs: Destination, study_instance_uid: str, *, calling_ae_title: str
) -> dict[str, list[str]]:
    """Series Instance UID -> SOP Instance UIDs the PACS names for the study.

    Raises DestinationAway or DestinationRefused.
    """
    series = Dataset()
    series.QueryRetrieveLevel = "SERIES"
    series.StudyInstanceUID = study_instance_uid
    series.SeriesInstanceUID = ""
    found: dict[str, list[str]] = {}
    for each in _find(pacs, series, calling_ae_title):
        image = Dataset()
        image.QueryRetrieveLevel = "IMAGE"
        image.StudyInstanceUID = study_instance_uid
        image.SeriesInstanceUID = each.SeriesInstanceUID
        image.SOPInstanceUID = ""
        matches = _find(pacs, image, calling_ae_title)
        found[str(each.SeriesInstanceUID)] = [str(match.SOPInstanceUID) for match in matches]
    return found


def _find(pacs: Destination, identifier: Dataset, calling_ae_title: str) -> list[Dataset]:
    context = build_context(StudyRootQueryRetrieveInformationModelFind)
    with associate(pacs, [context], calling_ae_title=calling_ae_title) as association:
        answers = list(association.send_c_find(identifier, StudyRootQueryRetrieveInformationModelFind))
    statuses = [status.get("Status") for status, _ in answers]
    if not statuses or statuses[-1] != 0x0000:
        raise DestinationRefused(f"{pacs.ae_title} did not answer C-FIND with Success")
    return [match for status, match in answers if match is not None and status.Status in PENDING]
