"""Radiographs of a phantom, as many kinds of device would write them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from tests.model_package import phantom

SOP_CLASSES = {
    "CR": ComputedRadiographyImageStorage,
    "DX": DigitalXRayImageStorageForPresentation,
    "OT": SecondaryCaptureImageStorage,
}


def projection_image(
    *,
    modality: str = "CR",
    rows: int = 641,
    columns: int = 523,
    bits_stored: int = 12,
    signed: bool = False,
    photometric: str = "MONOCHROME2",
    **attributes: Any,
) -> Dataset:
    """A CR or DX instance of the phantom; ``attributes`` are set on it, None takes one away."""
    instance = Dataset()
    instance.SpecificCharacterSet = "ISO_IR 100"
    instance.SOPClassUID = SOP_CLASSES[modality]
    instance.SOPInstanceUID, instance.StudyInstanceUID, instance.SeriesInstanceUID = (
        "2.25.3",
        "2.25.1",
        "2.25.2",
    )
    instance.StudyDate, instance.StudyTime, instance.AccessionNumber = "20260102", "030405", "A1"
    instance.Modality, instance.Manufacturer, instance.ReferringPhysicianName = (
        modality,
        "Phantoms",
        "Doe^Jane",
    )
    instance.PatientName, instance.PatientID = "Müller^Jörg", "P-1"
    instance.PatientBirthDate, instance.PatientSex = "19700101", "M"
    instance.StudyID, instance.SeriesNumber, instance.InstanceNumber = "S1", 3, 1
    instance.PatientOrientation = ["L", "F"]
    _set_pixels(instance, phantom(rows, columns)[0], bits_stored, signed, photometric)
    for keyword, value in attributes.items():
        if value is None:
            delattr(instance, keyword)
        else:
            setattr(instance, keyword, value)
    instance.file_meta = FileMetaDataset()
    instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return instance


def write(instance: Dataset, path: Path) -> Path:
    """Write the instance as a PS3.10 file."""
    buffer = BytesIO()
    instance.save_as(buffer, enforce_file_format=True)
    path.write_bytes(buffer.getvalue())
    return path


def _set_pixels(instance: Dataset, image: np.ndarray, bits: int, signed: bool, photometric: str) -> None:
    low = -(2 ** (bits - 1)) if signed else 0
    values = low + np.round((1 - image if photometric == "MONOCHROME1" else image) * (2**bits - 1))
    allocated = 8 if bits <= 8 else 16
    stored = values.astype(f"{'i' if signed else 'u'}{allocated // 8}")
    if signed and bits < allocated:
        stored = stored & np.array(2**bits - 1, stored.dtype)
    instance.Rows, instance.Columns = image.shape
    instance.SamplesPerPixel, instance.PhotometricInterpretation = 1, photometric
    instance.BitsAllocated, instance.BitsStored, instance.HighBit = allocated, bits, bits - 1
    instance.PixelRepresentation = int(signed)
    content = stored.tobytes()
    instance.PixelData = content + b"\0" * (len(content) % 2)
    instance["PixelData"].VR = "OW" if allocated == 16 else "OB"
