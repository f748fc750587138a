"""One instance as the stand-in PACS knows it: what its header says, and the file that holds it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from pydicom import dcmread

from dicom_node.demo.pacs.header import text_of
from dicom_node.unreadable import UNREADABLE

_HEADER: Final = (
    "SpecificCharacterSet",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "Modality",
    "PatientName",
    "PatientID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
)
_UID: Final = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*")
_UID_LENGTH: Final = 64


class NotAnInstance(ValueError):
    """The bytes are no DICOM instance with valid SOP class, study, series and SOP instance UIDs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldInstance:
    """An instance in the archive. The patient's attributes stay out of `repr`, and so out of every log."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    modality: str
    path: Path
    specific_character_set: str = field(repr=False)
    study_date: str = field(repr=False)
    patient_id: str = field(repr=False)
    patient_name: str = field(repr=False)


def read_instance(source: Path | BinaryIO, *, folder: Path) -> HeldInstance:
    """Read the header of a PS3.10 file or stream; its place is `folder` / `<SOP Instance UID>.dcm`.

    Raises NotAnInstance when the header cannot be read or a UID is missing or invalid.
    """
    try:
        header = dcmread(source, stop_before_pixels=True, specific_tags=list(_HEADER))
        values = {keyword: text_of(header, keyword) for keyword in _HEADER}
    except UNREADABLE as error:
        raise NotAnInstance(f"the header cannot be read ({type(error).__name__})") from error
    return _instance_of(values, folder)


def is_valid_uid(value: str) -> bool:
    """Return whether `value` is a UID after PS3.5 9.1, and therefore safe as a file name."""
    return len(value) <= _UID_LENGTH and _UID.fullmatch(value) is not None


def _instance_of(values: Mapping[str, str], folder: Path) -> HeldInstance:
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
        if not is_valid_uid(values[keyword]):
            raise NotAnInstance(f"{keyword} is missing or not a UID")
    return HeldInstance(
        study_instance_uid=values["StudyInstanceUID"],
        series_instance_uid=values["SeriesInstanceUID"],
        sop_instance_uid=values["SOPInstanceUID"],
        sop_class_uid=values["SOPClassUID"],
        modality=values["Modality"],
        path=folder / f"{values['SOPInstanceUID']}.dcm",
        specific_character_set=values["SpecificCharacterSet"],
        study_date=values["StudyDate"],
        patient_id=values["PatientID"],
        patient_name=values["PatientName"],
    )
