"""Series on disk for the gate: a CT of a drawn trunk on its table, and what can go wrong with any series."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

Change = Callable[[list[Dataset]], None]


def trunk(slices: int = 24) -> np.ndarray:
    """(slices, 96, 128) int16 HU, from head to feet: lungs above, belly below, spine behind, table, noise.

    A drawing, not a patient: it has what the gate looks at, in the right places and values.
    """
    row, column = np.mgrid[0:96, 0:128]
    noise = np.random.default_rng(0)
    planes = []
    for along in np.linspace(0, 1, slices):
        plane = np.full((96, 128), -1000.0)
        plane[((row - 42) / (28 + 4 * along)) ** 2 + ((column - 64) / (44 + 6 * along)) ** 2 < 1] = 40
        for side in (-1, 1):
            lung = ((row - 40) / 18) ** 2 + ((column - 64 - side * 22) / 15) ** 2 < 1 - 1.8 * along
            plane[lung] = -800
        plane[(row - 60) ** 2 + (column - 64) ** 2 < 60] = 500
        plane[82:85, 14:114] = 50
        planes.append(plane + noise.normal(0, 12, plane.shape))
    return np.stack(planes).round().astype(np.int16)


def ct(voxels: np.ndarray) -> list[Dataset]:
    """An axial CT, 3 mm x 3 mm x 5 mm, head first supine; the first slice is the highest."""
    return [_slice(plane, number) for number, plane in enumerate(voxels)]


def written(series: Sequence[Dataset], folder: Path) -> list[Path]:
    """The instances as PS3.10 files; whatever transfer syntax they came in they leave uncompressed."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, instance in enumerate(series):
        instance.save_as(folder / f"{number:04}", enforce_file_format=True)
    return sorted(folder.iterdir())


def read(folder: Path, limit: int | None = None) -> list[Dataset]:
    """A series from disk with native pixels, in the order of its positions."""
    series = [dcmread(path, force=True) for path in sorted(folder.iterdir())[:limit]]
    for instance in series:
        if instance.file_meta.TransferSyntaxUID.is_compressed:
            instance.decompress()
        for keyword in ("SOPClassUID", "SOPInstanceUID"):
            if not instance.get(keyword):
                setattr(instance, keyword, instance.file_meta[f"MediaStorage{keyword}"].value)
        for number, keyword in enumerate(("StudyInstanceUID", "SeriesInstanceUID"), start=1):
            if not instance.get(keyword):
                setattr(instance, keyword, f"2.25.{number}")
    return sorted(series, key=lambda each: -float(each.ImagePositionPatient[2]))


def with_pixels(change: Callable[[np.ndarray], np.ndarray]) -> Change:
    """Each slice's stored values changed."""

    def apply(series: list[Dataset]) -> None:
        for instance in series:
            pixels = instance.pixel_array
            instance.PixelData = np.ascontiguousarray(change(pixels).astype(pixels.dtype)).tobytes()

    return apply


def with_attributes(**attributes: object) -> Change:
    """Attributes set on every instance."""

    def apply(series: list[Dataset]) -> None:
        for instance in series:
            for keyword, value in attributes.items():
                setattr(instance, keyword, value)

    return apply


def shuffled(series: list[Dataset]) -> None:
    """The positions go to other slices; each slice keeps its pixels."""
    positions = [instance.ImagePositionPatient for instance in series]
    for instance, other in zip(series, np.random.default_rng(2).permutation(len(series)), strict=True):
        instance.ImagePositionPatient = positions[other]


def gapped(series: list[Dataset]) -> None:
    """Two slices are missing."""
    del series[8:10]


def unchanged(series: list[Dataset]) -> None:
    """As it is."""


def _slice(plane: np.ndarray, number: int) -> Dataset:
    instance = Dataset()
    instance.SOPClassUID, instance.SOPInstanceUID = CTImageStorage, f"2.25.3{number:03}"
    instance.StudyInstanceUID, instance.SeriesInstanceUID = "2.25.1", "2.25.2"
    instance.FrameOfReferenceUID = "2.25.4"
    instance.Modality, instance.PatientPosition = "CT", "HFS"
    instance.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    instance.BodyPartExamined = "CHEST"
    instance.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    instance.ImagePositionPatient = [-192, -144, 300 - 5 * number]
    instance.PixelSpacing, instance.SliceThickness = [3, 3], 5
    instance.InstanceNumber = number + 1
    instance.Rows, instance.Columns = plane.shape
    instance.SamplesPerPixel, instance.PhotometricInterpretation = 1, "MONOCHROME2"
    instance.BitsAllocated, instance.BitsStored, instance.HighBit = 16, 16, 15
    instance.PixelRepresentation, instance.RescaleIntercept, instance.RescaleSlope = 1, 0, 1
    instance.PixelData = plane.tobytes()
    instance.file_meta = FileMetaDataset()
    instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return instance
