import random
from io import BytesIO

from pydicom import Dataset, Sequence, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from dicom_node.unreadable import UNREADABLE


def test_whatever_is_done_to_the_bytes_of_an_instance_one_of_these_is_raised_or_it_is_read():
    whole, chance = _instance(), random.Random(0)
    raised = set()
    for _ in range(3_000):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(128, len(damaged))] = chance.randrange(256)
        try:
            _read_all(bytes(damaged[: chance.randrange(132, len(damaged) + 1)]))
        except UNREADABLE as error:
            raised.add(type(error))
    assert len(raised) >= 4  # else the damage was none


def _read_all(content: bytes) -> None:
    dataset = dcmread(BytesIO(content), force=True)
    for element in dataset.iterall():
        str(element.value)


def _instance() -> bytes:
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    dataset.SOPInstanceUID = "2.25.1"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.StudyDate, dataset.PatientWeight = "20260101", "71.5"
    dataset.Rows, dataset.Columns = 2, 2
    inner = Dataset()
    inner.CodeValue, inner.CodingSchemeDesignator = "1", "DCM"
    dataset.ProcedureCodeSequence = Sequence([inner])
    dataset.PixelData = bytes(8)
    dataset["PixelData"].VR = "OW"
    file = BytesIO()
    dataset.file_meta = _meta(dataset)
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _meta(dataset: Dataset):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return meta
