"""The sample: a real chest X-ray, from the package pydicom-data."""

from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.data import get_testdata_file

from dicom_node.errors import RehearsalFailed

SAMPLE = "RG1_UNCR.dcm"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One instance on disk, and the UIDs it is known by."""

    path: Path
    study_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str


def find_sample() -> Sample:
    """The chest X-ray RG1 (CR, MONOCHROME1, 15 bit, Pixel Spacing 0). Raises RehearsalFailed without pydicom-data."""
    found = get_testdata_file(SAMPLE, read=False, download=False)
    if not found:
        raise RehearsalFailed(
            "the sample is missing: install the extra 'demo' (pip install 'dicom-node[demo]')"
        )
    header = dcmread(str(found), stop_before_pixels=True)
    return Sample(
        path=Path(str(found)),
        study_instance_uid=header.StudyInstanceUID,
        sop_instance_uid=header.SOPInstanceUID,
        sop_class_uid=header.SOPClassUID,
    )
