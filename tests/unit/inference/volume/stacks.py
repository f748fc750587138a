"""Series of numbered voxels, as modalities would write them, whose every place in the patient is known."""

from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def ct_slice(
    values: np.ndarray,
    *,
    position: Any = (0, 0, 0),
    orientation: Any = AXIAL,
    number: int = 1,
    **attributes: Any,
) -> Dataset:
    """A CT instance of 16 signed bits, slope 1, intercept -1000; ``attributes`` are set on it, None takes one away."""
    instance = Dataset()
    instance.SpecificCharacterSet = "ISO_IR 100"
    instance.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    instance.SOPClassUID, instance.SOPInstanceUID = CTImageStorage, f"2.25.9{number}"
    instance.StudyInstanceUID, instance.SeriesInstanceUID = "2.25.1", "2.25.2"
    instance.FrameOfReferenceUID, instance.Modality = "2.25.3", "CT"
    instance.PatientName, instance.PatientID = "Müller^Jörg", "P-1"
    instance.InstanceNumber = 1  # the same for all: nothing may rest on it
    instance.ImagePositionPatient = [f"{each:.6f}"[:16] for each in position]
    instance.ImageOrientationPatient = [f"{each:.8f}" for each in orientation]
    instance.PixelSpacing = [0.8, 0.8]
    instance.SamplesPerPixel, instance.PhotometricInterpretation = 1, "MONOCHROME2"
    instance.Rows, instance.Columns = values.shape[-2:]
    instance.BitsAllocated, instance.BitsStored, instance.HighBit = 16, 16, 15
    instance.PixelRepresentation = 1
    instance.RescaleSlope, instance.RescaleIntercept = 1, -1000
    instance.PixelData = values.astype("<i2").tobytes()
    instance["PixelData"].VR = "OW"
    return with_attributes(instance, attributes)


def with_attributes(instance: Dataset, attributes: dict[str, Any]) -> Dataset:
    for keyword, value in attributes.items():
        if value is None:
            delattr(instance, keyword)
        else:
            setattr(instance, keyword, value)
    return instance


def write(instance: Dataset, path: Path, transfer_syntax_uid: str = ExplicitVRLittleEndian) -> Path:
    """As a PS3.10 file; encapsulated Pixel Data must be so already."""
    instance.file_meta = FileMetaDataset()
    instance.file_meta.TransferSyntaxUID = transfer_syntax_uid
    instance["PixelData"].is_undefined_length = instance.file_meta.TransferSyntaxUID.is_encapsulated
    instance.save_as(path, enforce_file_format=True)
    return path


def write_stack(
    folder: Path,
    values: np.ndarray,
    *,
    origin: Any = (0, 0, 0),
    step: Any = (0, 0, 2.0),
    seed: int = 0,
    **attributes: Any,
) -> list[Path]:
    """A file for each of ``values`` (slices, rows, columns), in an order that says nothing."""
    folder.mkdir(exist_ok=True)
    names = np.random.default_rng(seed).permutation(len(values))
    return [
        write(
            ct_slice(
                values[index],
                position=np.asarray(origin, float) + index * np.asarray(step, float),
                number=index + 1,
                **attributes,
            ),
            folder / f"{names[index]:03}",
        )
        for index in np.argsort(names)
    ]


def enhanced_ct(
    values: np.ndarray,
    positions: Any,
    *,
    intercepts: Any = None,
    spacing: Any = (0.8, 0.8),
    codestreams: Any = None,
    **attributes: Any,
) -> Dataset:
    """An Enhanced CT instance; what differs by frame is in the frames' groups, the rest is shared."""
    instance = ct_slice(values)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(instance, keyword)
    del instance.RescaleSlope, instance.RescaleIntercept
    instance.SOPClassUID, instance.NumberOfFrames = EnhancedCTImageStorage, len(values)
    shared = Dataset()
    shared.PlaneOrientationSequence = _item(ImageOrientationPatient=list(AXIAL))
    shared.PixelMeasuresSequence = _item(PixelSpacing=list(spacing), SliceThickness=2)
    instance.SharedFunctionalGroupsSequence = Sequence([shared])
    instance.PerFrameFunctionalGroupsSequence = Sequence(
        _frame(position, -1000 if intercepts is None else intercepts[index])
        for index, position in enumerate(positions)
    )
    if codestreams is not None:
        instance.PixelData = encapsulate(codestreams)
    return with_attributes(instance, attributes)


def numbered(*shape: int) -> np.ndarray:
    """Each voxel its own number, so that any two taken for each other are noticed."""
    return np.arange(np.prod(shape), dtype=np.int16).reshape(shape)


def _frame(position: Any, intercept: float) -> Dataset:
    frame = Dataset()
    frame.PlanePositionSequence = _item(ImagePositionPatient=list(position))
    frame.PixelValueTransformationSequence = _item(
        RescaleSlope=1, RescaleIntercept=intercept, RescaleType="HU"
    )
    return frame


def _item(**attributes: Any) -> Sequence:
    return Sequence([with_attributes(Dataset(), attributes)])
