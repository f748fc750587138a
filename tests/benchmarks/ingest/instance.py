"""Synthesised CT instances: one made in full, the others by writing other UIDs of the same length into it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

SOP_CLASS_UID = str(CTImageStorage)
TRANSFER_SYNTAX_UID = str(ExplicitVRLittleEndian)

# As long as every UID that Uids gives, and found nowhere else in an instance.
STUDY, SERIES, SOP = (f"2.25.{digit * 39}" for digit in "123")


@dataclass(frozen=True, kw_only=True)
class Size:
    """Rows and columns of an instance of 16 bits a pixel."""

    rows: int
    columns: int

    @property
    def megabytes(self) -> float:
        """The size of its pixels, in 1,000,000 bytes."""
        return self.rows * self.columns * 2 / 1e6


CT_SLICE = Size(rows=512, columns=512)  # 525 KB
SMALL = Size(rows=64, columns=72)  # 10 KB


class Uids:
    """Gives UIDs of one length that no other run gives. Safe between threads."""

    def __init__(self) -> None:
        self._run = random.SystemRandom().randrange(10**25)
        self._numbers = count()

    def give(self) -> str:
        """The next one, of 44 characters as STUDY, SERIES and SOP."""
        return f"2.25.1{self._run:025d}{next(self._numbers):013d}"


class Template:
    """A buffer that holds an instance, in which its UIDs can be replaced.

    ``buffer`` is changed in place. Raises ValueError where STUDY, SERIES or SOP is not in it whole.
    """

    def __init__(self, buffer: bytearray) -> None:
        self.buffer = buffer
        self._places = {uid: list(_places(buffer, uid.encode("ascii"))) for uid in (STUDY, SERIES, SOP)}
        if not all(self._places.values()):
            raise ValueError(
                "a UID that is to be replaced is not in the buffer, or lies across two fragments"
            )

    def set_series(self, uids: Uids) -> None:
        """From here on, another study and series."""
        self._write(STUDY, uids.give())
        self._write(SERIES, uids.give())

    def set_instance(self, uids: Uids) -> None:
        """Another instance."""
        self._write(SOP, uids.give())

    def _write(self, placeholder: str, uid: str) -> None:
        for at in self._places[placeholder]:
            self.buffer[at : at + len(uid)] = uid.encode("ascii")


def data_set(size: Size) -> bytes:
    """An instance's data set in explicit VR little endian, with the UIDs STUDY, SERIES and SOP."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, _ct_slice(size))
    return bytes(buffer.getvalue())


def write_files(folder: Path, size: Size, uids: Uids, *, instances: int) -> list[Path]:
    """So many instances of one new series, as PS3.10 files in ``folder``, which is made."""
    folder.mkdir()
    template = Template(_file(size))
    template.set_series(uids)
    paths = [folder / f"{number:06d}.dcm" for number in range(instances)]
    for path in paths:
        template.set_instance(uids)
        path.write_bytes(template.buffer)
    return paths


def _file(size: Size) -> bytearray:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(SOP_CLASS_UID), UID(SOP)
    meta.TransferSyntaxUID = UID(TRANSFER_SYNTAX_UID)
    whole = _ct_slice(size)
    whole.file_meta = meta
    buffer = DicomBytesIO()
    dcmwrite(buffer, whole, enforce_file_format=True)
    return bytearray(buffer.getvalue())


def _ct_slice(size: Size) -> Dataset:
    slice_ = Dataset()
    slice_.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    slice_.SOPClassUID, slice_.SOPInstanceUID = SOP_CLASS_UID, SOP
    slice_.StudyInstanceUID, slice_.SeriesInstanceUID = STUDY, SERIES
    slice_.StudyDate, slice_.StudyTime, slice_.Modality = "20240101", "120000", "CT"
    slice_.PatientName, slice_.PatientID = "Bench^Ingest", "BENCH"
    slice_.PatientBirthDate, slice_.PatientSex = "19700101", "O"
    slice_.AccessionNumber, slice_.StudyID, slice_.SeriesNumber, slice_.InstanceNumber = "1", "1", 1, 1
    slice_.ImagePositionPatient, slice_.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    slice_.PixelSpacing, slice_.SliceThickness = [0.7, 0.7], 1.0
    slice_.RescaleIntercept, slice_.RescaleSlope = -1024, 1
    slice_.SamplesPerPixel, slice_.PhotometricInterpretation = 1, "MONOCHROME2"
    slice_.Rows, slice_.Columns = size.rows, size.columns
    slice_.BitsAllocated, slice_.BitsStored, slice_.HighBit, slice_.PixelRepresentation = 16, 12, 11, 0
    noise = np.random.default_rng(1).integers(0, 4096, (size.rows, size.columns), dtype=np.uint16)
    slice_.PixelData = noise.tobytes()  # noise, so that nothing on the way can make it smaller
    return slice_


def _places(buffer: bytearray, wanted: bytes) -> Iterator[int]:
    at = buffer.find(wanted)
    while at >= 0:
        yield at
        at = buffer.find(wanted, at + 1)
