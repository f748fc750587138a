"""What the door keeps of a data set: file meta, and the bytes as they came."""

from pydicom.dataset import Dataset

from dicom_node.scp.file_meta import file_meta
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, encoded


def as_kept(data_set: Dataset, *, sending_ae_title: str = "CR_ROOM_2") -> bytes:
    """The content of the file under its final name."""
    meta = file_meta(
        sop_class_uid=CR_IMAGE,
        sop_instance_uid=str(data_set.SOPInstanceUID),
        transfer_syntax_uid=EXPLICIT,
        sending_ae_title=sending_ae_title,
    )
    return meta + encoded(data_set)[1]
