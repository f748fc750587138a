"""The source instance as highdicom needs to see it, and its patient and study put back as they are.

Real headers hold dates that are no dates, sexes that are none, spacings of zero. highdicom refuses or logs
them, the patient's name among them. So it is shown a clean header, and afterwards the Patient and Study
modules are copied from the true one, element by element: a result must lie with its study in the PACS,
and it does only where these agree, right or wrong.
"""

from io import BytesIO

from highdicom.base import SOPClass
from pydicom.dataset import Dataset

from inference.encode.analysed import Analysed, EncodedResult, Kind, Projection
from inference.encode.clock import Stamp

_BLANK = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "ReferringPhysicianName",
)
_IDENTIFYING = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_LOSSY = ("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod")


def clean_identity(analysed: Analysed) -> Dataset:
    """What highdicom may see of the source of a report: which instance it is, nothing of the patient."""
    header = Dataset()
    for keyword in _BLANK:
        setattr(header, keyword, "")
    header.StudyDate = header.StudyTime = None
    for keyword in _IDENTIFYING:
        setattr(header, keyword, analysed.header[keyword].value)
    return header


def clean_header(analysed: Analysed) -> Dataset:
    """The same with what a segmentation needs: how large it is, how compressed."""
    source, header = analysed.header, clean_identity(analysed)
    header.Rows, header.Columns = source.Rows, source.Columns
    header.Modality = str(source.get("Modality") or "OT")
    for keyword in _LOSSY if source.get("LossyImageCompression") == "01" else ():
        if source.get(keyword):
            setattr(header, keyword, source[keyword].value)
    if isinstance(analysed.source, Projection):
        spacing = analysed.source.spacing
        if spacing is not None and spacing.plane != "detector":
            header.PixelSpacing = source.PixelSpacing
    return header


def finish(result: SOPClass, analysed: Analysed, stamp: Stamp) -> None:
    """Copy patient, study and character set from the true source; set every date and time from ``stamp``."""
    source = analysed.header
    result.copy_patient_and_study_information(source)
    if "SpecificCharacterSet" in source:
        result["SpecificCharacterSet"] = source["SpecificCharacterSet"]
    result.InstanceCreationDate = result.SeriesDate = result.ContentDate = stamp.date
    result.InstanceCreationTime = result.SeriesTime = result.ContentTime = stamp.time
    if stamp.offset is not None:
        result.TimezoneOffsetFromUTC = stamp.offset


def to_file(result: SOPClass, kind: Kind) -> EncodedResult:
    """The finished instance as a PS3.10 file."""
    buffer = BytesIO()
    result.save_as(buffer, enforce_file_format=True)
    return EncodedResult(
        kind=kind,
        sop_class_uid=str(result.SOPClassUID),
        sop_instance_uid=str(result.SOPInstanceUID),
        series_instance_uid=str(result.SeriesInstanceUID),
        content=buffer.getvalue(),
        frames=int(result.get("NumberOfFrames") or 0),
    )
